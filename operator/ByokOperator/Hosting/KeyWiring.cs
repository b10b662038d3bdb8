using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using Kube.Runtime.LeaderElection;
using ByokOperator.Notifications;

namespace ByokOperator.Hosting;

/// <summary>Puts together what reconciles keys.</summary>
internal static class KeyWiring
{
    public static KeyController Build(
        OperatorContext around, ImportWiring imports, KeySnapshotCache board, Publisher publisher,
        LeadershipFence fence)
    {
        var records = new KeyRecords(around);
        var live = new KeyLiveReads(around);
        var uploads = new UploadReader(around, imports.Wrapping, imports.Requests);
        var observer = new KeyObserver(around, live, new ImportObserver(around, uploads, imports.Requests));
        var acts = new KeyActs(around, records, live, new ImportActs(around, records, live, uploads), fence);
        return new KeyController(around, observer, acts, board, publisher);
    }
}
