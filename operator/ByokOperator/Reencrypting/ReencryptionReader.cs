using Byok.Copying;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Reencrypting;

/// <summary>Looks at a run from outside: how far it is, for status, and whether it is finished,
/// for the ladder.</summary>
internal sealed class ReencryptionReader(IObjectData data)
{
    public async Task<ReencryptionState> ReadAsync(
        StoreRef store, string fingerprint, int shards, CancellationToken cancellation)
    {
        var looks = await Task.WhenAll(Enumerable.Range(0, shards)
            .Select(shard => ReencryptionMark.ReadAsync(data, store, fingerprint, shard, cancellation)));
        List<ShardReencryption> begun = [.. looks.OfType<ShardReencryption>()];
        bool IsDone(ShardReencryption? look, int shard) =>
            // another shard's word is none of its own
            look is { FinishedAt: not null } && (look.Shard, look.Shards) == (shard, shards);
        var finished = looks.Where(IsDone).Count();
        var isFinished = finished == shards;
        return new ReencryptionState(new RunState
        {
            ShardsFinished = finished,
            IsFinished = isFinished,
            Refusal = begun.Select(shard => shard.Refusal).OfType<CopyRefusal>()
                .Aggregate((CopyRefusal?)null, Together),
            HeardAt = begun.Count > 0 ? begun.Max(shard => shard.UpdatedAt) : null,
            AdvancedAt = begun.Count > 0 ? begun.Max(shard => shard.AdvancedAt) : null,
            StartedAt = begun.Count > 0 ? begun.Min(shard => shard.StartedAt) : null,
            FinishedAt = isFinished ? begun.Max(shard => shard.FinishedAt) : null,
        })
        {
            Engine = begun.Count > 0 ? begun[0].Engine : null,
            Looked = RunState.Sum(begun.Select(shard => shard.Looked)),
            Reencrypted = RunState.Sum(begun.Select(shard => shard.Reencrypted)),
            ReencryptedBytes = RunState.Sum(begun.Select(shard => shard.ReencryptedBytes)),
        };
    }

    /// <summary>Each shard tells of its own objects.</summary>
    private static CopyRefusal Together(CopyRefusal? sum, CopyRefusal one) =>
        sum is null || one.Attempt > sum.Attempt ? one
        : one.Attempt < sum.Attempt ? sum
        : sum with
        {
            At = one.At > sum.At ? one.At : sum.At,
            Reason = sum.Reason ?? one.Reason,
            Count = RunState.Sum([sum.Count, one.Count]),
            Objects = [.. sum.Objects.Concat(one.Objects).Take(CopyRefusal.MostNamed)],
        };
}

/// <summary>A run seen from outside.</summary>
/// <param name="Run">As far as it is like a copy's.</param>
internal sealed record ReencryptionState(RunState Run)
{
    /// <summary>Null until a worker was heard of.</summary>
    public ReencryptionEngine? Engine { get; init; }

    /// <summary>Versions, in the pass that each shard is in.</summary>
    public long Looked { get; init; }

    public long Reencrypted { get; init; }

    public long ReencryptedBytes { get; init; }
}
