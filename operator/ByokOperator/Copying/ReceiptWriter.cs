using Cloud.Objects;

namespace ByokOperator.Copying;

/// <summary>Sums the delta's shards up and writes the receipt beside the data.</summary>
internal sealed class ReceiptWriter(IObjectData data)
{
    /// <summary>Reads and judges; writes only when every shard adds up. Idempotent: the same evidence makes the same receipt.</summary>
    public async Task<ReceiptVerdict> WriteAsync(ReceiptOrder order, CancellationToken cancellation)
    {
        List<ShardEvidence> evidence = [];
        for (var shard = 0; shard < order.Shards; shard++)
        {
            try
            {
                evidence.Add(await ReadAsync(order, shard, cancellation));
            }
            catch (ManifestDamagedException damage)
            {
                return new ReceiptVerdict.Refused(damage.Message);
            }
        }

        var verdict = Judge(order, evidence);
        if (verdict is ReceiptVerdict.Proved proved)
        {
            await data.WriteMarkAsync(order.Target, MarkNames.Receipt, Marks.Pack(proved.Receipt), order.Key, ifMatch: null, cancellation);
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
        var sum = done.Aggregate(Tally.Zero, (total, one) => total + one.Tally);
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
            FinishedAt = done.Max(one => one.FinishedAt),
            Shards =
            [
                .. done.Select(one => new ReceiptShard(
                    one.Shard, one.Chunks, one.Digest, one.Tally.Versions, one.Tally.DeleteMarkers, one.Tally.Bytes)),
            ],
        });
    }

    private static string? Fault(ReceiptOrder order, int shard, ShardEvidence evidence) => evidence.Done switch
    {
        null => "is not finished",
        { } done when done.Fingerprint != order.Fingerprint => $"belongs to run {done.Fingerprint}",
        { PreviousFingerprint: null } => "is a bulk run, which proves nothing: writers went on",
        { } done when done.Shard != shard || done.Shards != order.Shards => $"says that it is shard {done.Shard} of {done.Shards}",
        { } done when done.KeyId != order.Key.Id => $"was written under {done.KeyId}",
        { Tally.Skipped: > 0 } => "left versions out",
        { Chunks: 0, Digest: var digest } when digest != ManifestChunk.NoDigest => "has a digest and no chunks",
        { Chunks: > 0 } done when evidence.LastDigest != done.Digest => "its manifest does not come to the digest it reported",
        { Chunks: > 0 } done when evidence.LastTally != done.Tally => "its manifest does not come to the counts it reported",
        _ => null,
    };

    private async Task<ShardEvidence> ReadAsync(ReceiptOrder order, int shard, CancellationToken cancellation)
    {
        var manifest = new ManifestReader(data, order.Target, order.Fingerprint, shard);
        var done = await manifest.ReadDoneAsync(cancellation);
        var last = done is { Chunks: > 0 } ? await manifest.TryReadChunkAsync(done.Chunks - 1, cancellation) : null;
        return new ShardEvidence(done, last?.Chunk.Digest, last?.Chunk.Head.Tally);
    }
}
