using System.Text.Json;
using System.Text.Json.Serialization;
using Byok.Copying;
using ByokOperator.Keys;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>
/// Small records inside the store, under the tenant's key: which key it was made under, the receipt, that readers were
/// switched, that the source was retired. They outlive the cluster, and whoever can read them holds the key.
/// </summary>
internal sealed class StoreMarks(IObjectData data, IObjectStores stores)
{
    private const string PinName = MarkNames.Root + "pin.json";
    private const string ServedName = MarkNames.Root + "served.json";
    private const string RetiredName = MarkNames.Root + "retired.json";

    /// <summary>Written to the container itself where its cloud shuts the operator out of a closed one too;
    /// else a mark like the others.</summary>
    public async Task<PinMark?> PinAsync(StoreRef store, CancellationToken cancellation) =>
        await stores.ReadPinAsync(store, cancellation) is { Length: > 0 } text ? Read(text)
        : await MarkedPinAsync(store, cancellation);

    /// <summary>After a look at the store, which comes by that copy where there is one.</summary>
    public async Task<PinMark?> PinAsync(StoreRef store, StoreDescription? seen, CancellationToken cancellation) =>
        seen?.Pin is { Length: > 0 } text ? Read(text) : await MarkedPinAsync(store, cancellation);

    /// <summary>That copy first: a mark beside a missing one would pass for
    /// a pin that nobody can read once the store is closed.</summary>
    public async Task PinAsync(StoreSpec spec, PinMark pin, KeyRef key, CancellationToken cancellation)
    {
        await stores.WritePinAsync(spec, JsonSerializer.Serialize(pin, MarkJson.Default.PinMark), cancellation);
        await data.WriteMarkAsync(spec.Store, PinName,
            JsonSerializer.SerializeToUtf8Bytes(pin, MarkJson.Default.PinMark), key, Mark.OnlyNew, cancellation);
    }

    /// <summary>Over the one that stands, for another owner of the same store. Where a closed store lets nobody in, the
    /// copy alone is read, and is enough.</summary>
    public async Task RepinAsync(StoreSpec spec, PinMark pin, KeyRef key, CancellationToken cancellation)
    {
        if (await stores.WritePinAsync(spec, JsonSerializer.Serialize(pin, MarkJson.Default.PinMark), cancellation)
            && (await stores.LookAtDenialAsync(spec, cancellation)).IsDenied)
        {
            return;
        }

        var standing = await data.ReadMarkAsync(spec.Store, PinName, cancellation);
        await data.WriteMarkAsync(spec.Store, PinName,
            JsonSerializer.SerializeToUtf8Bytes(pin, MarkJson.Default.PinMark), key, standing?.ETag ?? Mark.OnlyNew,
            cancellation);
    }

    public Task<(ReceiptFacts Facts, Receipt Receipt)?> ReceiptAsync(StoreRef store, CancellationToken cancellation) =>
        ReceiptAsync(store, MarkNames.Receipt, cancellation);

    public async Task<(ReceiptFacts Facts, Receipt Receipt)?> ReceiptAsync(
        StoreRef store, string name, CancellationToken cancellation)
    {
        return await new ReceiptReader(data).ReadAsync(store, name, cancellation) is (var receipt, var digest)
            ? (new ReceiptFacts(receipt.SpecHash, receipt.FenceToken, digest), receipt)
            : null;
    }

    public async Task<ServedMark?> ServedAsync(StoreRef store, CancellationToken cancellation) =>
        await data.ReadMarkAsync(store, ServedName, cancellation) is { } mark
            ? JsonSerializer.Deserialize(mark.Content.Span, MarkJson.Default.ServedMark)
            : null;

    public Task ServedAsync(StoreRef store, ServedMark served, KeyRef key, CancellationToken cancellation) =>
        data.WriteMarkAsync(store, ServedName, JsonSerializer.SerializeToUtf8Bytes(served, MarkJson.Default.ServedMark),
            key, Mark.OnlyNew, cancellation);

    /// <summary>The mark of the switch stands, whatever key it is under.</summary>
    public async Task<bool> WasServedAsync(StoreRef store, CancellationToken cancellation)
    {
        await foreach (var version in data.ListVersionsAsync(store, ServedName, afterKey: null, cancellation))
        {
            if (version.Key == ServedName && version is { IsLatest: true, IsDeleteMarker: false })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Takes the mark of the switch away, each version of it: readers go elsewhere from here on. Whoever finds the
    /// store later without its record must not take what stands there for what readers were on last.
    /// </summary>
    public async Task UnserveAsync(StoreRef store, CancellationToken cancellation)
    {
        List<ObjectVersion> standing = [];
        await foreach (var version in data.ListVersionsAsync(store, ServedName, afterKey: null, cancellation))
        {
            if (version.Key == ServedName)
            {
                standing.Add(version);
            }
        }

        if (standing.Count > 0)
        {
            await data.DeleteVersionsAsync(store, standing, cancellation);
        }
    }

    public async Task<string?> RetiredAsync(StoreRef store, CancellationToken cancellation) =>
        await data.ReadMarkAsync(store, RetiredName, cancellation) is { } mark
            ? JsonSerializer.Deserialize(mark.Content.Span, MarkJson.Default.RetiredMark)?.Receipt
            : null;

    public Task RetiredAsync(StoreRef store, string receipt, KeyRef key, CancellationToken cancellation) =>
        data.WriteMarkAsync(store, RetiredName,
            JsonSerializer.SerializeToUtf8Bytes(new RetiredMark(receipt), MarkJson.Default.RetiredMark), key,
            ifMatch: null, cancellation);

    private async Task<PinMark?> MarkedPinAsync(StoreRef store, CancellationToken cancellation) =>
        await data.ReadMarkAsync(store, PinName, cancellation) is { } mark
            ? JsonSerializer.Deserialize(mark.Content.Span, MarkJson.Default.PinMark)
            : null;

    private static PinMark? Read(string text) => JsonSerializer.Deserialize(text, MarkJson.Default.PinMark);

    internal sealed record RetiredMark(string Receipt);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeyPin))]
[JsonSerializable(typeof(PinMark))]
[JsonSerializable(typeof(ServedMark))]
[JsonSerializable(typeof(StoreMarks.RetiredMark))]
internal sealed partial class MarkJson : JsonSerializerContext;

/// <summary>The receipt that stands beside the data.</summary>
/// <param name="Scope">What it vouches for: source, target and key.</param>
/// <param name="Fence">Behind which fence the final listing was made.</param>
/// <param name="Digest">Of the receipt as it lies in the target; later acts name it.</param>
internal sealed record ReceiptFacts(string Scope, string Fence, string Digest);

/// <summary>
/// Written ahead of the first switch of readers, in the target: from here on the target may hold newer data than the
/// source, so nothing may be copied again. The binding can't tell that, for closing takes it away.
/// </summary>
/// <param name="Receipt">Digest of the receipt that the switch was made on.</param>
internal sealed record ServedMark(string Receipt, DateTimeOffset At);
