using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Notifications;
using ByokOperator.Places;
using ByokOperator.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Hosting;

/// <summary>Puts a store's workplace together.</summary>
internal static class StoreWiring
{
    public static StoreController Build(
        OperatorContext around, KeySnapshotCache board, StoreNeighbours neighbours, Publisher publisher,
        LeadershipFence fence)
    {
        var censuses = new StoreCensuses();
        var observer = Observer(around, board, neighbours);
        var reports = new ReportActs(around, board, censuses, new ReportPublisher(around, publisher.Notifications));
        var acts = new StoreActs(around, board, reports, fence);
        var controller = new StoreController(around, observer, acts, censuses, publisher);
        board.Changed += key =>
        {
            if (board.Find(key) is not { } standing
                || standing.Regions.Values.Any(region => region.Judgement.ForDisplay() is KeyJudgement.Revoked))
            {
                around.Cluster.Inventory.StoresUnder(key).ToList().ForEach(controller.CutShort);
            }
        };
        return controller;
    }

    public static StoreObserver Observer(OperatorContext around, KeySnapshotCache board, StoreNeighbours neighbours)
    {
        var marks = new StoreMarks(around.Cloud.Objects, around.Cloud.Stores);
        return new StoreObserver(around, new StoreKeys(around, board), new TargetObserver(around, marks),
            new MigrationObserver(around, marks), neighbours);
    }
}
