using System.Runtime.CompilerServices;
using ByokOperator.Reencrypting;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Tests.Reencrypting;

/// <summary>The cloud as one process sees it: before each call, and after each that changes an object, a test has its
/// turn, in which the process may also die.</summary>
internal sealed class Interposed(
    IObjectData objects, IObjectEncryption encryption, Func<string, string, Task> turn) : IObjectData, IObjectEncryption
{
    public const string Copied = "Copied";
    public const string Updated = "Updated";

    public ReencryptionPorts Ports => new(this, this);

    public async IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await turn("List", prefix);
        await foreach (var version in objects.ListVersionsAsync(store, prefix, afterKey, cancellation))
        {
            yield return version;
        }
    }

    public async Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation)
    {
        await turn("Copy", order.TargetKey);
        var copied = await objects.CopyAsync(order, cancellation);
        await turn(Copied, order.TargetKey);
        return copied;
    }

    public async Task UpdateAsync(
        StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation)
    {
        await turn("Update", version.Key);
        await encryption.UpdateAsync(store, version, key, bucketKey, cancellation);
        await turn(Updated, version.Key);
    }

    public async Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        await turn("Head", key);
        return await objects.HeadAsync(store, key, versionId, cancellation);
    }

    public async Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        await turn("Hash", key);
        return await objects.HashAsync(store, key, versionId, cancellation);
    }

    public async Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        await turn("ReadMark", key);
        return await objects.ReadMarkAsync(store, key, cancellation);
    }

    public async Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryptionKey, string? ifMatch,
        CancellationToken cancellation)
    {
        await turn("WriteMark", key);
        return await objects.WriteMarkAsync(store, key, content, encryptionKey, ifMatch, cancellation);
    }

    public async Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation)
    {
        await turn("Delete", "");
        await objects.DeleteVersionsAsync(store, versions, cancellation);
    }

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        objects.MarkDeletedAsync(store, key, cancellation);

    public Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation) =>
        encryption.CouldUpdateAsync(store, keys, cancellation);

    public Task<UpdateSupport> TryUpdateAsync(StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation) =>
        encryption.TryUpdateAsync(store, from, to, cancellation);

    public IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(
        StoreRef store, string prefix, CancellationToken cancellation) =>
            encryption.ListUploadsAsync(store, prefix, cancellation);

    public Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation) =>
        encryption.AbortUploadAsync(store, upload, cancellation);
}
