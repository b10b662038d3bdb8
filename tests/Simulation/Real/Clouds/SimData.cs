using System.Runtime.CompilerServices;
using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Clouds;

/// <summary>What is in buckets, as one process or one copy pod reaches it.</summary>
internal sealed class SimData(Account account, Line line, Action leave) : IObjectData
{
    public async IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await line.Call(Domain.Objects).BeforeAsync(cancellation);
        var bucket = account.Reached(store);
        foreach (var entry in bucket.List(prefix, afterKey))
        {
            yield return Shown(entry, bucket);
        }
    }

    public async Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Objects);
        await call.BeforeAsync(cancellation);
        leave();
        var source = account.Reached(order.Source).Of(order.Version.Key)
            .FirstOrDefault(entry => entry.VersionId == order.Version.VersionId && entry.ETag == order.Version.ETag)
            ?? throw new CloudException(new CloudProblem.Conflict("PreconditionFailed", "the source has changed"),
                "s3:CopyObject");
        if (source.KeyId is not ("" or KeyRef.StoreManaged))
        {
            account.Open(source);
        }

        var target = account.Reached(order.Target);
        var written = target.Write(
            source with
            {
                Key = order.TargetKey,
                KeyId = order.Key.Id,
                Material = account.Admitted(target, order.Key.Id),
                At = line.Time.Now,
            });
        call.After();
        return new CopyResult(written.VersionId, written.ETag, written.KeyId, Sum(written));
    }

    public async Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        await line.Call(Domain.Objects).BeforeAsync(cancellation);
        return account.Reached(store).Of(key)
            .FirstOrDefault(entry => entry.VersionId == versionId && !entry.IsMarker) is { } found
            ? new ObjectFacts(1, found.ETag, found.KeyId is "" or KeyRef.StoreManaged ? null
                : found.KeyId, Sum(found), new Dictionary<string, string>())
            {
                Encryption = found.KeyId is "" or KeyRef.StoreManaged ? KeyRef.StoreManaged : "aws:kms",
            }
            : null;
    }

    public async Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        await line.Call(Domain.Objects).BeforeAsync(cancellation);
        return BitConverter.GetBytes(account.Reached(store).Of(key).First(entry => entry.VersionId == versionId).Id);
    }

    public async Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Objects);
        await call.BeforeAsync(cancellation);
        leave();
        var written = account.Reached(store).Write(new Entry(key, -++account.Made, null, "", 0, line.Time.Now));
        call.After();
        return written.VersionId;
    }

    public async Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Objects);
        await call.BeforeAsync(cancellation);
        leave();
        var bucket = account.Reached(store);
        foreach (var version in versions)
        {
            if (bucket.Of(version.Key)
                .FirstOrDefault(entry =>
                    entry.VersionId == version.VersionId
                        && (version.VersionId is not null || entry.ETag == version.ETag)) is { } entry)
            {
                bucket.Remove(entry);
            }
        }

        call.After();
    }

    public async Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        await line.Call(Domain.Objects).BeforeAsync(cancellation);
        if (account.Reached(store).Of(key) is not [.., { IsMarker: false, Content: { } content } mark])
        {
            return null;
        }

        account.Open(mark);
        return new Mark(content, mark.ETag);
    }

    public async Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation)
    {
        var call = line.Call(Domain.Objects);
        await call.BeforeAsync(cancellation);
        leave();
        var bucket = account.Reached(store);
        var standing = bucket.Of(key) is [.., { IsMarker: false } last] ? last : null;
        if (ifMatch is not null && (ifMatch == Mark.OnlyNew ? standing is not null : standing?.ETag != ifMatch))
        {
            throw new CloudException(new CloudProblem.Conflict("PreconditionFailed", "another one stands"),
                "s3:PutObject");
        }

        var written = bucket.Write(
            new Entry(key, ++account.Made, null, encryption.Id, account.Admitted(bucket, encryption.Id),
                line.Time.Now) { Content = content.ToArray() });
        call.After();
        return written.ETag;
    }

    private static ObjectVersion Shown(Entry entry, Bucket bucket) => new(
        entry.Key, entry.VersionId, entry.ETag, entry.IsMarker ? 0
            : 1, entry.At, entry.IsMarker, ReferenceEquals(bucket.Of(entry.Key)[^1], entry), null);

    private static Checksum Sum(Entry entry) => new("CRC64NVME", $"{entry.Id}", IsFullObject: true);
}
