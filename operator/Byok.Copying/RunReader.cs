using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>Looks at a run from outside: how far it is, for status, and whether it is finished,
/// for the ladder.</summary>
public sealed class RunReader(IObjectData data)
{
    public async Task<RunState> ReadAsync(
        StoreRef target, string fingerprint, int shards, CancellationToken cancellation)
    {
        var looks = await Task.WhenAll(Enumerable.Range(0, shards)
            .Select(shard => LookAsync(target, fingerprint, shard, cancellation)));
        var begun = looks.Where(look => look.Progress is not null).Select(look => look.Progress!).ToList();
        var isFinished = looks.All(look => look.IsDone);
        var seen = begun.Select(one => one.Seen).OfType<SurveyResult>().MaxBy(one => one.Objects);
        return new RunState
        {
            ShardsFinished = looks.Count(look => look.IsDone),
            IsFinished = isFinished,
            ObjectsTotal = Math.Max(RunState.Sum(begun.Select(one => one.ObjectsTotal)), seen?.Objects ?? 0),
            BytesTotal = Math.Max(RunState.Sum(begun.Select(one => one.BytesTotal)), seen?.Bytes ?? 0),
            ObjectsCopied = RunState.Sum(begun.Select(one => one.ObjectsCopied)),
            BytesCopied = RunState.Sum(begun.Select(one => one.BytesCopied)),
            Refusal = begun.Select(one => one.Refusal).OfType<CopyRefusal>()
                .Aggregate((CopyRefusal?)null, (sum, one) => sum is null ? one : CopyRefusal.Together(sum, one)),
            Seen = seen,
            HeardAt = begun.Count > 0 ? begun.Max(one => one.UpdatedAt) : null,
            AdvancedAt = begun.Max(one => one.FinishedAt ?? one.AdvancedAt),
            StartedAt = begun.Count > 0 ? begun.Min(one => one.StartedAt) : null,
            FinishedAt = isFinished ? begun.Max(one => one.FinishedAt) : null,
        };
    }

    private async Task<(bool IsDone, ShardProgress? Progress)> LookAsync(
        StoreRef target, string fingerprint, int shard, CancellationToken cancellation)
    {
        var manifest = new ManifestReader(data, target, fingerprint, shard);
        var progress = await manifest.ReadProgressAsync(cancellation);

        // A done mark is written after the progress that says "finished"; without it the second read is spared.
        var isDone = progress?.FinishedAt is not null && await manifest.ReadDoneAsync(cancellation) is not null;
        return (isDone, progress);
    }
}
