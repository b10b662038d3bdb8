using Kube.Core;
using Kube.Runtime.Informers;

namespace Kube.Runtime.Controllers;

/// <summary>
/// What wakes a controller: maps a change in a store to keys. Triggers carry keys and nothing else, so a lost or a
/// doubled one cannot lead astray; a change maps both its old and its new state, so leaving a group wakes it too.
/// </summary>
public sealed class Trigger
{
    /// <summary>What was there before we started waits behind what happens now:
    /// a restart must not delay an edit.</summary>
    public const int FirstListPriority = -100;

    private readonly Action<Action<ObjectKey, int>> attach;

    private Trigger(Action<Action<ObjectKey, int>> attach, IInformer store, Func<ObjectKey, bool>? exists = null)
    {
        this.attach = attach;
        Informer = store;
        Exists = exists;
    }

    /// <summary>The store that must be synced before the controller starts.</summary>
    internal IInformer Informer { get; }

    /// <summary>Whether an object of the controller's own kind is there;
    /// null where the trigger is about another kind.</summary>
    internal Func<ObjectKey, bool>? Exists { get; }

    /// <summary>The controller's own kind; an object that can't be read, or can again, wakes too.</summary>
    /// <param name="store">Holds the kind.</param>
    /// <param name="when">Which changes count; left out: all but those of status alone, which are our own echo.</param>
    /// <param name="firstListPriority">
    /// 0 where each object has to be looked at again within a bound: then those that were looked at once must not
    /// overtake those that were not yet.
    /// </param>
    public static Trigger Own<T>(
        Informer<T> store, Func<Change<T>, bool>? when = null, int firstListPriority = FirstListPriority)
        where T : class, IResource<T> =>
        new(
            Listen(store, when ?? (change => change.TouchesMoreThanStatus), item => [item.Metadata.Key],
                firstListPriority)
                + (enqueue => store.SubscribeToQuarantine(key => enqueue(key, 0))),
            store,
            key => store.Find(key) is not null || store.Quarantine.Find(key) is not null);

    /// <summary>A dependant wakes its controlling owner of the given kind.</summary>
    public static Trigger Owner<TDependant>(
        Informer<TDependant> store, ResourceKind owner, Func<Change<TDependant>, bool>? when = null)
        where TDependant : class, IResource<TDependant> =>
        new(Listen(store, when, item => OwnersOf(item.Metadata, owner)), store);

    /// <summary>Any other way from an object to keys, such as an index of those that mention it.</summary>
    public static Trigger Map<T>(
        Informer<T> store, Func<T, IEnumerable<ObjectKey>> keys, Func<Change<T>, bool>? when = null)
        where T : class, IResource<T> =>
        new(Listen(store, when, keys), store);

    internal void Attach(Action<ObjectKey, int> enqueue) => attach(enqueue);

    private static Action<Action<ObjectKey, int>> Listen<T>(
        Informer<T> store, Func<Change<T>, bool>? when, Func<T, IEnumerable<ObjectKey>> keys,
        int firstListPriority = FirstListPriority)
        where T : class, IResource<T> =>
        enqueue => store.Subscribe(change =>
        {
            if (when is not null && !when(change))
            {
                return;
            }

            var woken = new HashSet<ObjectKey>();
            woken.UnionWith(change.Old is { } old ? keys(old) : []);
            woken.UnionWith(change.New is { } next ? keys(next) : []);
            foreach (var key in woken)
            {
                enqueue(key, change.IsFirstList ? firstListPriority : 0);
            }
        });

    private static IEnumerable<ObjectKey> OwnersOf(ObjectMeta dependant, ResourceKind owner) =>
        (dependant.OwnerReferences ?? [])
        .Where(reference => reference.Controller is true && reference.Kind == owner.Kind && SameGroup(reference, owner))
        .Select(reference => new ObjectKey(owner.Namespaced ? dependant.Namespace ?? "" : "", reference.Name));

    /// <summary>The version in an owner reference is the one it was written with; only the group is identity.</summary>
    private static bool SameGroup(OwnerReference reference, ResourceKind owner) =>
        reference.ApiVersion.LastIndexOf('/') is var slash && slash < 0
            ? owner.Group.Length == 0
            : reference.ApiVersion.AsSpan(0, slash).SequenceEqual(owner.Group);
}
