using System.Collections.Concurrent;
using ByokOperator.Reconciling;
using k8s.Models;
using Kube.Core;
using Kube.Runtime.Events;
using Kube.Runtime.Informers;

namespace ByokOperator.Cluster;

/// <summary>Tells of the objects of one kind that can't be read: a warning for each version of one,
/// and a status where it can be written.</summary>
internal sealed class Unreadables<T>(Informer<T> store, EventRecorder events)
    where T : class, IResource<T>
{
    private readonly ConcurrentDictionary<ObjectKey, string> told = new();

    /// <summary>The conditions as they are where the object can be read; else those that say that it can't,
    /// and the rest of them.</summary>
    public IReadOnlyList<Condition> Over(ObjectKey key, IReadOnlyList<Condition> conditions) =>
        store.Quarantine.Find(key) is not { } bad
            ? conditions
            : [.. Of(bad, isFollowed: true),
                .. conditions.Where(condition =>
                    condition.Type is not (StatusReport.Ready or StatusReport.ReconcilingCondition
                        or StatusReport.Stalled))];

    /// <summary>The warning; at rest nothing is said twice.</summary>
    public void Tell(ObjectKey key, bool isFollowed)
    {
        if (store.Quarantine.Find(key) is not { } bad)
        {
            told.TryRemove(key, out _);
            return;
        }

        var saying = $"{bad.Metadata.Uid}/{bad.Metadata.Generation}/{bad.Reason}";
        if (!told.TryGetValue(key, out var before) || before != saying)
        {
            told[key] = saying;
            events.Record(
                new EventRequest(ReferenceTo(bad.Metadata), IsWarning: true, FactReader.Unreadable, "Read",
                    Message(bad, isFollowed)));
        }
    }

    /// <summary>Shows it on an object that nothing else is known of.
    /// It is the object's trouble alone if that is refused.</summary>
    /// <returns>Whether there is such an object: then it is not gone.</returns>
    public async Task<bool> ShowAsync(
        StatusWriter<T> status, ObjectKey key, Func<ObjectMeta, IReadOnlyList<Condition>, T> with,
        CancellationToken cancellation)
    {
        if (store.Quarantine.Find(key) is not { } bad)
        {
            return false;
        }

        await WriteAsync(status, with(bad.Metadata, [.. Of(bad, isFollowed: false)]), with(bad.Metadata, []),
            cancellation);
        return true;
    }

    /// <summary>A server that checks the whole object may refuse its status too;
    /// then the Event and the metric have told.</summary>
    public async Task WriteAsync(StatusWriter<T> status, T wanted, T current, CancellationToken cancellation)
    {
        try
        {
            await StatusWrites.TryAsync(status, wanted, current, cancellation);
        }
        catch (KubeException) when (store.Quarantine.Find(current.Metadata.Key) is not null)
        {
            return;
        }
    }

    private static IEnumerable<Condition> Of(Quarantined bad, bool isFollowed) =>
    [
        Make(StatusReport.Ready, "False", bad, isFollowed),
        Make(StatusReport.Stalled, "True", bad, isFollowed),
    ];

    private static Condition Make(string type, string value, Quarantined bad, bool isFollowed) => new()
    {
        Type = type, Status = value, Reason = FactReader.Unreadable, Message = Message(bad, isFollowed),
        ObservedGeneration = bad.Metadata.Generation,
    };

    private static string Message(Quarantined bad, bool isFollowed) => isFollowed
        ? $"{bad.Reason}: the object is followed as it stood before, closing included; mend that field and apply it "
            + "again"
        : $"{bad.Reason}: nobody can tell what the object asks for, and what depends on it counts as unknown; mend "
            + "that field and apply it again";

    private static V1ObjectReference ReferenceTo(ObjectMeta metadata) => new()
    {
        ApiVersion = T.Kind.ApiVersion, Kind = T.Kind.Kind, NamespaceProperty = metadata.Namespace,
        Name = metadata.Name, Uid = metadata.Uid, ResourceVersion = metadata.ResourceVersion,
    };
}
