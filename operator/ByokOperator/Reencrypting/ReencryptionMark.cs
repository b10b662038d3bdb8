using System.Text.Json;
using Byok.Copying;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Reencrypting;

/// <summary>Keeps a shard's state beside the data, under the new key, and reads it.</summary>
internal sealed class ReencryptionMark(IObjectData data, ReencryptionOptions options, TimeProvider time)
{
    private readonly CopyRetryPolicy retries = new(time);
    private readonly string name = MarkNames.Progress(options.Fingerprint, options.Shard);

    /// <summary>Of what this worker wrote or found last: whatever stands there else is another worker's.</summary>
    private string etag = Mark.OnlyNew;

    /// <summary>Null where none stands, or one that can't be read: the walk then begins anew,
    /// which costs looks and harms nothing.</summary>
    public static async Task<ShardReencryption?> ReadAsync(
        IObjectData data, StoreRef store, string fingerprint, int shard, CancellationToken cancellation) =>
        await data.ReadMarkAsync(store, MarkNames.Progress(fingerprint, shard), cancellation) is { } mark ? Of(mark)
            : null;

    public async Task<ShardReencryption?> ReadAsync(CancellationToken cancellation)
    {
        var mark = await data.ReadMarkAsync(options.Store, name, cancellation);
        etag = mark?.ETag ?? Mark.OnlyNew;
        return mark is null ? null : Of(mark);
    }

    /// <exception cref="ShardTakenException">Another worker wrote meanwhile: one of the two is a leftover, and what it
    /// would write is older than it seems.</exception>
    public Task WriteAsync(ShardReencryption state, CancellationToken cancellation)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(state, ReencryptionJson.Default.ShardReencryption);
        return retries.InsistAsync(() => WriteAsync(text, cancellation), cancellation);
    }

    private async Task WriteAsync(byte[] text, CancellationToken cancellation)
    {
        try
        {
            etag = await data.WriteMarkAsync(options.Store, name, text, options.Key, etag, cancellation);
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Conflict)
        {
            // Where the answer to an earlier try was lost, what stands there is ours word for word.
            var standing = await data.ReadMarkAsync(options.Store, name, cancellation);
            etag = standing is not null && standing.Content.Span.SequenceEqual(text) ? standing.ETag
                : throw new ShardTakenException(name);
        }
    }

    private static ShardReencryption? Of(Mark mark)
    {
        try
        {
            return JsonSerializer.Deserialize(mark.Content.Span, ReencryptionJson.Default.ShardReencryption);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Where versions are kept each rewriting left one behind; only the last one tells anything.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        List<ObjectVersion> outdated = [];
        await foreach (var version in data.ListVersionsAsync(options.Store, name, afterKey: null, cancellation))
        {
            if (version.Key == name && !version.IsLatest && version.VersionId is not null)
            {
                outdated.Add(version);
            }
        }

        foreach (var batch in outdated.Chunk(SourceRetirement.BatchSize))
        {
            await retries.InsistAsync(() => data.DeleteVersionsAsync(options.Store, batch, cancellation),
                cancellation);
        }
    }
}
