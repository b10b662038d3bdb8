using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>
/// The objects of a store that stand and can't be read; as fresh as the store, and swapped with it. A later version
/// that can be read ends it, and so does the object's end.
/// </summary>
public sealed class Quarantine
{
    /// <summary>A few hundred bytes each. Those beyond it are followed like the others,
    /// and only not told one by one.</summary>
    public const int MostHeld = 10_000;

    private readonly Lock gate;
    private Dictionary<ObjectKey, Quarantined> held = [];

    internal Quarantine(Lock gate) => this.gate = gate;

    public int Count => Volatile.Read(ref held).Count;

    public Quarantined? Find(ObjectKey key)
    {
        lock (gate)
        {
            return held.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<Quarantined> List()
    {
        lock (gate)
        {
            return [.. held.Values];
        }
    }

    /// <summary>Whether anything was said or is said by that.</summary>
    internal bool Put_NeedsLock(ObjectKey key, Quarantined? bad)
    {
        if (bad is null)
        {
            return held.Remove(key);
        }

        if (held.Count >= MostHeld && !held.ContainsKey(key))
        {
            return false;
        }

        held[key] = Slim(bad);
        return true;
    }

    /// <summary>Those that began, changed or ended.</summary>
    internal IReadOnlyList<ObjectKey> Replace_NeedsLock(Dictionary<ObjectKey, Quarantined> next)
    {
        List<ObjectKey> turned =
        [
            .. held.Keys.Where(key => !next.ContainsKey(key)),
            .. next.Where(one =>
                held.GetValueOrDefault(one.Key)?.Metadata.ResourceVersion != one.Value.Metadata.ResourceVersion)
                    .Select(one => one.Key),
        ];
        held = next;
        return turned;
    }

    /// <summary>What says which object it is and how it is to go;
    /// labels and annotations are as long as their writer likes.</summary>
    internal static Quarantined Slim(Quarantined bad) => bad with
    {
        Metadata = new ObjectMeta
        {
            Name = bad.Metadata.Name,
            Namespace = bad.Metadata.Namespace,
            Uid = bad.Metadata.Uid,
            ResourceVersion = bad.Metadata.ResourceVersion,
            Generation = bad.Metadata.Generation,
            DeletionTimestamp = bad.Metadata.DeletionTimestamp,
            Finalizers = bad.Metadata.Finalizers,
        },
    };
}
