using System.Text;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Fuzz.Readers;

/// <summary>A store in which every mark says the same.</summary>
internal sealed class OneMark(byte[] content) : IObjectData
{
    public string Text { get; } = Encoding.UTF8.GetString(content);

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        Task.FromResult<Mark?>(new Mark(content, "e"));

    public Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation) => throw Unasked();

    public IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, CancellationToken cancellation) => throw Unasked();

    public Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation) => throw Unasked();

    public Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation) => throw Unasked();

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        throw Unasked();

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        throw Unasked();

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) => throw Unasked();

    internal static NotSupportedException Unasked() => new("a look reads marks and nothing else");
}

/// <summary>The same where a pin is sealed to the store.</summary>
internal sealed class OnePin(string pin) : IObjectStores
{
    public Task<string?> ReadPinAsync(StoreRef store, CancellationToken cancellation) =>
        Task.FromResult<string?>(pin);

    public Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation) =>
        throw OneMark.Unasked();

    public Task PrepareAsync(StoreSpec spec, CancellationToken cancellation) => throw OneMark.Unasked();

    public Task AdoptAsync(StoreSpec spec, CancellationToken cancellation) => throw OneMark.Unasked();

    public Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation) =>
        throw OneMark.Unasked();

    public Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation) => throw OneMark.Unasked();

    public Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation) => throw OneMark.Unasked();

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        throw OneMark.Unasked();

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        throw OneMark.Unasked();

    public Task DeleteAsync(StoreSpec spec, CancellationToken cancellation) => throw OneMark.Unasked();
}
