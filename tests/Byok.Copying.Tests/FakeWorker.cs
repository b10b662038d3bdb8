using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;

namespace Byok.Copying.Tests;

/// <summary>The port as one process sees it. Every call may fail,
/// and when the process dies none of its calls comes through any more.</summary>
internal sealed class FakeWorker(FakeStores stores, Func<string, FakeFault>? faults = null) : IObjectData
{
    private readonly Lock gate = new();
    private volatile bool isDead;

    public sealed class DiedException : Exception;

    public int Calls { get; private set; }

    public List<string> Story { get; } = [];

    public async IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var after = afterKey;
            var page = await CallAsync("List", () => stores.Page(store, prefix, after), cancellation);
            foreach (var version in page)
            {
                yield return version;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            afterKey = page[^1].Key;
        }
    }

    public Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation) =>
        CallAsync("Copy", () => stores.Copy(order), cancellation);

    public Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        CallAsync(
            "Head",
            () => stores.Find(store, key, versionId) is { IsDeleteMarker: false } one
                ? new ObjectFacts(one.Content.Length, one.ETag, one.KeyId, one.Checksum, one.Headers)
                {
                    RedirectTo = one.Headers.GetValueOrDefault(FakeStores.Redirect),
                    NotCarried = one.IsHeld ? ["objectLockLegalHold"] : [],
                }
                : null,
            cancellation);

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        CallAsync(
            "Hash",
            () => stores.Find(store, key, versionId) is { } one
                ? SHA256.HashData(one.Content)
                : throw new CloudException(new CloudProblem.NotFound("NoSuchKey", "gone"), "s3:GetObject"),
            cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        CallAsync("Mark", () => stores.Mark(store, key)?.VersionId, cancellation);

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation)
    {
        versions.Count.ShouldBeLessThanOrEqualTo(1000);
        return CallAsync<object?>("Delete", () => { stores.Delete(store, versions); return null; }, cancellation);
    }

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        CallAsync("ReadMark", () => stores.Find(store, key, null) is { } one ? new Mark(one.Content, one.ETag) : null,
            cancellation);

    public Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation)
    {
        content.Length.ShouldBeLessThanOrEqualTo(1024 * 1024);
        return CallAsync("WriteMark", () => stores.WriteMark(store, key, content, encryption, ifMatch), cancellation);
    }

    private async Task<T> CallAsync<T>(string operation, Func<T> effect, CancellationToken cancellation)
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        var (fault, value) = Perform(operation, effect);
        await Task.Yield();
        return isDead ? throw new DiedException()
            : fault == FakeFault.LoseAnswer ? throw Unreachable(operation)
            : value!;
    }

    /// <summary>Fault and effect are one step, so that a dead process has no effect afterwards.</summary>
    private (FakeFault Fault, T? Value) Perform<T>(string operation, Func<T> effect)
    {
        lock (gate)
        {
            Calls++;
            Story.Add(operation);
            var fault = isDead ? FakeFault.CrashBefore : faults?.Invoke(operation) ?? FakeFault.None;
            switch (fault)
            {
                case FakeFault.CrashBefore:
                    isDead = true;
                    throw new DiedException();
                case FakeFault.Throttle:
                    throw new CloudException(new CloudProblem.Throttled("SlowDown", "reduce your rate"), operation);
                case FakeFault.FailBefore:
                    throw Unreachable(operation);
                case FakeFault.CrashAfter:
                    isDead = true;
                    break;
            }

            return (fault, effect());
        }
    }

    private static CloudException Unreachable(string operation) =>
        new(new CloudProblem.Unreachable("InternalError", "200 with an error in it, or no answer"), operation);
}
