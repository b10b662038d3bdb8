using Cloud.Objects;

namespace Byok.Copying;

/// <summary>Sums the delta's shards up and writes the receipt beside the data.</summary>
public sealed class ReceiptWriter(IObjectData data)
{
    /// <summary>Manifests read side by side, a chunk of each in memory.</summary>
    private const int ShardsAtOnce = 8;

    /// <summary>Reads every manifest through and judges; writes only when every shard adds up. Idempotent: the same
    /// evidence makes the same receipt.</summary>
    public async Task<ReceiptVerdict> WriteAsync(ReceiptOrder order, CancellationToken cancellation)
    {
        ReceiptVerdict verdict;
        try
        {
            List<ShardEvidence> evidence = [];
            foreach (var group in Enumerable.Range(0, order.Shards).Chunk(ShardsAtOnce))
            {
                evidence.AddRange(await Task.WhenAll(group.Select(shard => ReadAsync(order, shard, cancellation))));
            }

            verdict = Judge(order, evidence);
        }
        catch (ManifestDamagedException damage)
        {
            return new ReceiptVerdict.Refused(damage.Message);
        }

        if (verdict is ReceiptVerdict.Proved proved)
        {
            await data.WriteMarkAsync(order.Marks ?? order.Target, order.Name, Marks.Pack(proved.Receipt),
                order.MarksKey ?? order.Key, ifMatch: null, cancellation);
        }

        return verdict;
    }

    /// <summary>The decision, pure.</summary>
    public static ReceiptVerdict Judge(ReceiptOrder order, IReadOnlyList<ShardEvidence> evidence)
    {
        if (evidence.Count != order.Shards)
        {
            return new ReceiptVerdict.Refused($"{evidence.Count} of {order.Shards} shards were looked at");
        }

        for (var shard = 0; shard < order.Shards; shard++)
        {
            if (Fault(order, shard, evidence[shard]) is { } fault)
            {
                return new ReceiptVerdict.Refused($"shard {shard}: {fault}");
            }
        }

        var done = evidence.Select(one => one.Done!).ToList();
        var sum = done.Aggregate(Counts.Zero, (total, one) => total + one.Counts);
        return new ReceiptVerdict.Proved(new Receipt
        {
            SpecHash = order.SpecHash,
            FenceToken = order.FenceToken,
            Fingerprint = order.Fingerprint,
            Source = order.Source.Store.Name,
            Prefix = order.Source.Prefix,
            Target = order.Target.Name,
            KeyId = order.Key.Id,
            MaterialId = order.MaterialId,
            Objects = sum.Keys,
            Versions = sum.Versions,
            DeleteMarkers = sum.DeleteMarkers,
            Bytes = sum.Bytes,
            Verification = done[0].Verification,
            NotCarried = Sum(evidence),
            FinishedAt = done.Max(one => one.FinishedAt),
            Shards =
            [
                .. done.Select(one => new ReceiptShard(
                    one.Shard, one.Chunks, one.Digest, one.Counts.Versions, one.Counts.DeleteMarkers,
                    one.Counts.Bytes)),
            ],
        });
    }

    private static SortedDictionary<string, long>? Sum(IEnumerable<ShardEvidence> evidence)
    {
        SortedDictionary<string, long> sum = new(StringComparer.Ordinal);
        foreach (var (name, count) in evidence.SelectMany(one => one.NotCarried))
        {
            sum[name] = sum.GetValueOrDefault(name) + count;
        }

        return sum.Count > 0 ? sum : null;
    }

    private static string? Fault(ReceiptOrder order, int shard, ShardEvidence evidence) => evidence.Done switch
    {
        null => "is not finished",
        { } done when done.Fingerprint != order.Fingerprint => $"belongs to run {done.Fingerprint}",
        { PreviousFingerprint: null } => "is a bulk run, which proves nothing: writers went on",
        { } done when done.Shard != shard
            || done.Shards != order.Shards => $"says that it is shard {done.Shard} of {done.Shards}",
        { } done when done.KeyId != order.Key.Id => $"was written under {done.KeyId}",
        { Counts.Skipped: > 0 } => "left versions out",
        { } done
            when done.Counts with { Copied = 0 } != evidence.Counted =>
                "its manifest does not come to the counts it reported",
        _ => null,
    };

    private async Task<ShardEvidence> ReadAsync(ReceiptOrder order, int shard, CancellationToken cancellation)
    {
        var manifest = new ManifestReader(data, order.Marks ?? order.Target, order.Fingerprint, shard);
        var done = await manifest.ReadDoneAsync(cancellation);
        var counted = Counts.Zero;
        Dictionary<string, long> lacking = new(StringComparer.Ordinal);
        if (done is null)
        {
            return new ShardEvidence(done, counted);
        }

        string? key = null;
        await foreach (var entry in manifest.ReadAsync(done.Chunks, done.Digest, fromKey: null, cancellation))
        {
            counted += new Counts(
                entry.Key == key ? 0 : 1, entry.IsDeleteMarker ? 0 : 1, entry.IsDeleteMarker ? 1
                    : 0, entry.Size, Copied: 0, Skipped: 0);
            key = entry.Key;
            foreach (var name in entry.NotCarried ?? [])
            {
                lacking[name] = lacking.GetValueOrDefault(name) + 1;
            }
        }

        return new ShardEvidence(done, counted) { NotCarried = lacking };
    }
}

/// <summary>Whether a receipt may be written.</summary>
public abstract record ReceiptVerdict
{
    private ReceiptVerdict()
    {
    }

    /// <summary>Every shard is finished and adds up.</summary>
    public sealed record Proved(Receipt Receipt) : ReceiptVerdict;

    /// <summary>It may not, and why. Nothing is written.</summary>
    public sealed record Refused(string Reason) : ReceiptVerdict;
}

/// <summary>What was read of one shard: its own last word, and what its entries, read through to the digest,
/// add up to.</summary>
public sealed record ShardEvidence(ShardDone? Done, Counts Counted)
{
    /// <summary>How many versions have what their copies have not, by what it is.</summary>
    public IReadOnlyDictionary<string, long> NotCarried { get; init; } = new Dictionary<string, long>();
}
