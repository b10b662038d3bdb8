using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Notifications;
using ByokOperator.Returning;
using ByokOperator.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Hosting;

/// <summary>Puts a store's workplace together.</summary>
internal static class StoreParts
{
    public static StoreController Build(
        OperatorContext around, KeySnapshotCache board, StoreNeighbours neighbours, Publisher voice,
        LeadershipFence fence)
    {
        var censuses = new StoreCensuses();
        var observer = Observer(around, board, neighbours);
        var gate = new KeyProofGuard(around, new KeyRecords(around), board);
        var marks = new StoreMarks(around.Cloud.Objects, around.Cloud.Stores);
        var bindings = new BindingActs(around, gate);
        var target = new TargetActs(around, gate, marks);
        var hands = new StoreHands(
            target,
            bindings,
            new MigrationActs(around, marks, gate, bindings, fence),
            new ReportActs(around, board, censuses, new ReportPublisher(around, voice.Notifications)),
            new KeyChangeActs(around, gate, marks, fence),
            new ReturnActs(around, gate, target, fence),
            new NextActs(around, gate, marks, fence));
        var controller = new StoreController(around, observer, new StoreActs(hands, around, fence), censuses, voice);
        board.Turned += key =>
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
