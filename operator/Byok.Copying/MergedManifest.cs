using System.Runtime.CompilerServices;
using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>All shards' manifests of a finished run as one stream in key order.
/// A chunk per shard is in memory.</summary>
internal sealed class MergedManifest(IObjectData data, StoreRef target, string fingerprint, int shards)
{
    /// <exception cref="ManifestDamagedException">A shard is not finished, or its manifest does not add up.</exception>
    public async IAsyncEnumerable<ManifestEntry> ReadAsync(
        string? fromKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        PriorityQueue<IAsyncEnumerator<ManifestEntry>, string> heads = new(ObjectOrder.Of(target.Cloud));
        List<IAsyncEnumerator<ManifestEntry>> streams = [];
        try
        {
            for (var shard = 0; shard < shards; shard++)
            {
                var manifest = new ManifestReader(data, target, fingerprint, shard);
                var done = await manifest.ReadDoneAsync(cancellation)
                    ?? throw new ManifestDamagedException($"{MarkNames.Done(fingerprint, shard)} is missing");
                var stream = manifest.ReadAsync(done.Chunks, done.Digest, fromKey, cancellation)
                    .GetAsyncEnumerator(cancellation);
                streams.Add(stream);
                await AdvanceAsync(heads, stream);
            }

            // A key's versions are all in one shard, so equal keys never stand at two heads.
            while (heads.TryDequeue(out var stream, out _))
            {
                yield return stream.Current;
                await AdvanceAsync(heads, stream);
            }
        }
        finally
        {
            foreach (var stream in streams)
            {
                await stream.DisposeAsync();
            }
        }
    }

    private static async Task AdvanceAsync(
        PriorityQueue<IAsyncEnumerator<ManifestEntry>, string> heads, IAsyncEnumerator<ManifestEntry> stream)
    {
        if (await stream.MoveNextAsync())
        {
            heads.Enqueue(stream, stream.Current.Key);
        }
    }
}
