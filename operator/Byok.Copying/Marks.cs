using System.Text.Json;
using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>Turns marks into bytes, and writes those that must be written once.</summary>
public static class Marks
{
    public static byte[] Pack(ShardProgress progress) =>
        JsonSerializer.SerializeToUtf8Bytes(progress, CopyJson.Default.ShardProgress);

    public static byte[] Pack(ShardDone done) => JsonSerializer.SerializeToUtf8Bytes(done, CopyJson.Default.ShardDone);

    public static byte[] Pack(Receipt receipt) =>
        JsonSerializer.SerializeToUtf8Bytes(receipt, CopyJson.Default.Receipt);

    /// <summary>
    /// Writes only over what is expected there. When the answer to our own earlier attempt was lost, the mark that
    /// stands is ours word for word; any other one is another worker's.
    /// </summary>
    public static async Task CreateAsync(
        IObjectData data, StoreRef store, string name, ReadOnlyMemory<byte> content, KeyRef key, string over,
        CancellationToken cancellation)
    {
        try
        {
            await data.WriteMarkAsync(store, name, content, key, over, cancellation);
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Conflict)
        {
            var standing = await data.ReadMarkAsync(store, name, cancellation);
            if (standing is null || !standing.Content.Span.SequenceEqual(content.Span))
            {
                throw new ShardTakenException(name);
            }
        }
    }
}

/// <summary>Another worker wrote this shard's next chunk: one of the two is a leftover and must stop.</summary>
public sealed class ShardTakenException(string mark) : Exception($"another worker wrote {mark}; this one stops");
