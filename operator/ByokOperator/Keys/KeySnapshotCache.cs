using System.Collections.Concurrent;
using Cloud;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>
/// What the keys' reconciles of this process found, for the stores' reconciles. In memory on purpose: a process that
/// just began to lead knows nothing, and says so.
/// </summary>
internal sealed class KeySnapshotCache
{
    private readonly ConcurrentDictionary<ObjectKey, KeySnapshot> standings = new();
    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<CallRecord>> evidence = new();

    /// <summary>A judgement changed, not merely its age, or a rotation waits or waits no more:
    /// the key's stores must look at once.</summary>
    public event Action<ObjectKey>? Changed;

    /// <summary>A probe found that somebody touched what a store has in its namespace.</summary>
    public event Action<ObjectKey>? Stirred;

    public KeySnapshot? Find(ObjectKey key) => standings.GetValueOrDefault(key);

    public void Put(ObjectKey key, KeySnapshot next)
    {
        var old = standings.GetValueOrDefault(key);
        standings[key] = next;
        if (old is null || old.State != next.State || old.MaxStaleness != next.MaxStaleness || !SameWords(old, next))
        {
            Changed?.Invoke(key);
        }
    }

    /// <summary>The calls of the last proof, for the report.</summary>
    public IReadOnlyList<CallRecord> EvidenceOf(ObjectKey key) => evidence.GetValueOrDefault(key) ?? [];

    public void Prove(ObjectKey key, IReadOnlyList<CallRecord> calls) => evidence[key] = calls;

    public void Stir(ObjectKey store) => Stirred?.Invoke(store);

    public void Remove(ObjectKey key)
    {
        evidence.TryRemove(key, out _);
        if (standings.TryRemove(key, out _))
        {
            Changed?.Invoke(key);
        }
    }

    private static bool SameWords(KeySnapshot old, KeySnapshot next) =>
        old.Regions.Count == next.Regions.Count
        && next.Regions.All(region =>
            old.Regions.TryGetValue(region.Key, out var before) && Word(before) == Word(region.Value)
                && before.Pin == region.Value.Pin
                && before.Unconfirmed == region.Value.Unconfirmed);

    private static string Word(RegionSnapshot standing) =>
        standing.Judgement.Blindness ?? standing.Judgement.ForDisplay() switch
        {
            KeyJudgement.Usable => "Usable",
            KeyJudgement.Unknown unknown => "Unknown/" + unknown.Reason,
            KeyJudgement.Revoked revoked => "Revoked/" + revoked.Reason,
            var other => throw new System.Diagnostics.UnreachableException(other?.GetType().Name),
        };
}
