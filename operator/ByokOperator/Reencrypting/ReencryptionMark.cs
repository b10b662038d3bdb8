using System.Text.Json;
using ByokOperator.Copying;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Reencrypting;

/// <summary>Keeps a shard's state beside the data, under the new key, and reads it.</summary>
internal sealed class ReencryptionMark(IObjectData data, ReencryptionOptions options, TimeProvider time)
{
    private readonly Patience patience = new(time);
    private readonly string name = MarkNames.Progress(options.Fingerprint, options.Shard);

    /// <summary>Null where none stands, or one that can't be read: the walk then begins anew, which costs looks and harms nothing.</summary>
    public static async Task<ShardReencryption?> ReadAsync(IObjectData data, StoreRef store, string fingerprint, int shard, CancellationToken cancellation)
    {
        if (await data.ReadMarkAsync(store, MarkNames.Progress(fingerprint, shard), cancellation) is not { } mark)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(mark.Content.Span, ReencryptionJson.Default.ShardReencryption);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public Task<ShardReencryption?> ReadAsync(CancellationToken cancellation) => ReadAsync(data, options.Store, options.Fingerprint, options.Shard, cancellation);

    public Task WriteAsync(ShardReencryption state, CancellationToken cancellation)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(state, ReencryptionJson.Default.ShardReencryption);
        return patience.InsistAsync(() => data.WriteMarkAsync(options.Store, name, text, options.Key, ifMatch: null, cancellation), cancellation);
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
            await patience.InsistAsync(() => data.DeleteVersionsAsync(options.Store, batch, cancellation), cancellation);
        }
    }
}
