using System.Runtime.CompilerServices;
using System.Text.Json;
using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>Reads one shard's manifest from the target and proves on the way that it is whole.</summary>
public sealed class ManifestReader(IObjectData data, StoreRef target, string fingerprint, int shard)
{
    public async Task<ShardDone?> ReadDoneAsync(CancellationToken cancellation)
    {
        var name = MarkNames.Done(fingerprint, shard);
        if (await data.ReadMarkAsync(target, name, cancellation) is not { } mark)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(mark.Content.Span, CopyJson.Default.ShardDone)
                ?? throw new ManifestDamagedException($"{name} is empty");
        }
        catch (JsonException fault)
        {
            throw new ManifestDamagedException($"{name} is not readable", fault);
        }
    }

    public async Task<ShardProgress?> ReadProgressAsync(CancellationToken cancellation)
    {
        if (await data.ReadMarkAsync(target, MarkNames.Progress(fingerprint, shard), cancellation) is not { } mark)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(mark.Content.Span, CopyJson.Default.ShardProgress);
        }
        catch (JsonException)
        {
            // For people only, and rewritten within seconds.
            return null;
        }
    }

    /// <summary>Null when that chunk is not there.</summary>
    public async Task<(ManifestChunk Chunk, string ETag)?> TryReadChunkAsync(
        int sequence, CancellationToken cancellation)
    {
        var name = MarkNames.Chunk(fingerprint, shard, sequence);
        if (await data.ReadMarkAsync(target, name, cancellation) is not { } mark)
        {
            return null;
        }

        var chunk = ManifestChunk.Unpack(mark.Content, name);
        return chunk.Head.Fingerprint == fingerprint && chunk.Head.Shard == shard && chunk.Head.Sequence == sequence
            ? (chunk, mark.ETag)
            : throw new ManifestDamagedException($"{name} belongs to another manifest");
    }

    /// <summary>Finds the last checkpoint: the newest chunk that ends with a whole key.</summary>
    public async Task<ManifestTail> FindTailAsync(CancellationToken cancellation)
    {
        var chunks = await CountChunksAsync(cancellation);
        Dictionary<int, string> leftovers = [];
        for (var sequence = chunks - 1; sequence >= 0; sequence--)
        {
            var (chunk, etag) = await ReadChunkAsync(sequence, cancellation);
            if (chunk.Head.EndsWithWholeKey)
            {
                return new ManifestTail(sequence + 1, chunk.Digest, chunk.Head.Counts, chunk.Head.LastKey, leftovers);
            }

            leftovers[sequence] = etag;
        }

        return ManifestTail.Empty with { Leftovers = leftovers };
    }

    /// <summary>
    /// The entries from the chunk that may hold <paramref name="fromKey"/> on, in key order. Each chunk must follow
    /// from the one before and the last must come to the digest given, else <see cref="ManifestDamagedException"/>.
    /// </summary>
    public async IAsyncEnumerable<ManifestEntry> ReadAsync(
        int chunks, string digest, string? fromKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = fromKey is null ? 0 : await SeekAsync(chunks, fromKey, cancellation);
        var expected = first == 0 ? ManifestChunk.NoDigest : null;
        var ahead = first < chunks ? ReadChunkAsync(first, cancellation) : null;
        for (var sequence = first; sequence < chunks; sequence++)
        {
            var (chunk, _) = await ahead!;
            ahead = sequence + 1 < chunks ? ReadChunkAsync(sequence + 1, cancellation) : null;
            if (expected is not null && chunk.Head.Previous != expected)
            {
                throw Broken(sequence);
            }

            expected = chunk.Digest;
            foreach (var entry in chunk.Entries)
            {
                yield return entry;
            }
        }

        if ((expected ?? digest) != digest)
        {
            throw Broken(chunks - 1);
        }
    }

    /// <summary>The last chunk that begins at or before the key (a key may span chunks:
    /// then the first of these).</summary>
    private async Task<int> SeekAsync(int chunks, string key, CancellationToken cancellation)
    {
        var low = 0;
        var high = chunks;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var (chunk, _) = await ReadChunkAsync(middle, cancellation);
            if (ObjectOrder.Of(target.Cloud).Compare(chunk.Head.FirstKey, key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Max(0, low - 1);
    }

    private async Task<(ManifestChunk Chunk, string ETag)> ReadChunkAsync(
        int sequence, CancellationToken cancellation) =>
        await TryReadChunkAsync(sequence, cancellation)
        ?? throw new ManifestDamagedException($"{MarkNames.Chunk(fingerprint, shard, sequence)} is missing");

    private async Task<int> CountChunksAsync(CancellationToken cancellation)
    {
        var prefix = MarkNames.Chunks(fingerprint, shard);
        var count = 0;
        await foreach (var mark in data.ListVersionsAsync(target, prefix, afterKey: null, cancellation))
        {
            count += mark is { IsLatest: true, IsDeleteMarker: false } ? 1 : 0;
        }

        return count;
    }

    private ManifestDamagedException Broken(int sequence) =>
        new(
            $"{MarkNames.Chunk(fingerprint, shard, sequence)} does not follow from the chunk before it or is not the "
                + "one verified");
}

/// <summary>The evidence does not add up: a chunk is missing, or not the one that was written.</summary>
public sealed class ManifestDamagedException(string message, Exception? inner = null) : Exception(message, inner);
