using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;

namespace Cloud.Tests.Contract;

/// <summary>Copies of an object onto itself, which put it under another key
/// where its bucket keeps no versions.</summary>
internal static class SelfCopyRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("A copy onto itself changes the key and nothing else", world => KeepsAllAsync(world, long.MaxValue)),
        new("A copy onto itself by parts changes the key and nothing else",
            world => KeepsAllAsync(world, multipartAbove: 1)),
        new("A copy onto itself gives way to whoever wrote meanwhile", world => GivesWayAsync(world, long.MaxValue)),
        new("A copy onto itself by parts gives way to whoever wrote meanwhile",
            world => GivesWayAsync(world, multipartAbove: 1)),
        new("A copy onto itself of what is gone writes nothing", async world =>
        {
            var (place, from, to) = await PlaceAsync(world);
            var listed = await PutAsync(world, place, from, "old");
            await world.Platform.DeleteObjectAsync(place.Name, "a");
            await Should.ThrowAsync<CloudException>(() => world.Objects.CopyAsync(Onto(place, listed, to), None));
            (await world.ListAsync(place, "")).ShouldBeEmpty();
        }),
        new("A copy onto itself that changes nothing is refused", async world =>
        {
            var shared = await world.SharedAsync();
            await world.PutAsync(shared.Store, "a", "x");
            (await Should.ThrowAsync<AmazonS3Exception>(() =>
                world.Platform.CopyObjectAsync(shared.Store.Name, "a", shared.Store.Name, "a"))).ErrorCode
                    .ShouldBe("InvalidRequest");
        }),
        new("Where versions are kept a copy onto itself adds one, and the earlier one keeps its key", async world =>
        {
            var (place, from, to) = await PlaceAsync(world, versioned: true);
            await world.Objects.CopyAsync(Onto(place, await PutAsync(world, place, from, "x"), to), None);
            var keys = new List<string?>();
            foreach (var version in await world.ListAsync(place, ""))
            {
                keys.Add((await world.Objects.HeadAsync(place, "a", version.VersionId, None))!.KeyId);
            }

            keys.ShouldBe([to.Id, from.Id]);
        }),
    ];

    /// <summary>A plain bucket, and the two keys that an object in it goes from and to.</summary>
    private static async Task<(StoreRef Place, KeyRef From, KeyRef To)> PlaceAsync(
        ContractWorld world, bool versioned = false) =>
        ((await world.SharedAsync(versioned)).Store, await world.KeyAsync(), await world.KeyAsync());

    private static CopyOrder Onto(StoreRef place, ObjectVersion version, KeyRef to) =>
        new(place, version, place, version.Key, to, BucketKey: false);

    private static async Task<ObjectVersion> PutAsync(ContractWorld world, StoreRef place, KeyRef key, string content)
    {
        var put = new PutObjectRequest
        {
            BucketName = place.Name,
            Key = "a",
            ContentBody = content,
            ContentType = "text/x-acme",
            UseChunkEncoding = false,
            ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = key.Id,
            StorageClass = S3StorageClass.StandardInfrequentAccess,
            TagSet = [new Tag { Key = "team", Value = "blue + green" }],
        };
        put.Headers.CacheControl = "max-age=60";
        put.Metadata["colour"] = "red";
        await world.Workload.PutObjectAsync(put);
        return (await world.ListAsync(place, "")).First();
    }

    private static async Task KeepsAllAsync(ContractWorld world, long multipartAbove)
    {
        using var cloud = world.Adapters(multipartAbove);
        var (place, from, to) = await PlaceAsync(world);
        var listed = await PutAsync(world, place, from, "content");
        var before = (await world.Objects.HeadAsync(place, "a", null, None))!;
        before.KeyId.ShouldBe(from.Id);

        var result = await cloud.Objects.CopyAsync(Onto(place, listed, to), None);
        var after = (await world.Objects.HeadAsync(place, "a", null, None))!;
        (after.KeyId, after.ETag, after.Size).ShouldBe((to.Id, result.ETag, before.Size));
        after.Headers.OrderBy(pair => pair.Key).ShouldBe(before.Headers.OrderBy(pair => pair.Key));
        (await world.Platform.GetObjectTaggingAsync(
            new GetObjectTaggingRequest { BucketName = place.Name, Key = "a" })).Tagging.Single().Value
                .ShouldBe("blue + green");
        using var read = await world.Workload.GetObjectAsync(place.Name, "a");
        (await new StreamReader(read.ResponseStream).ReadToEndAsync()).ShouldBe("content");
    }

    private static async Task GivesWayAsync(ContractWorld world, long multipartAbove)
    {
        using var cloud = world.Adapters(multipartAbove);
        var (place, from, to) = await PlaceAsync(world);
        var listed = await PutAsync(world, place, from, "old");
        await PutAsync(world, place, from, "newer");
        (await Should.ThrowAsync<CloudException>(() => cloud.Objects.CopyAsync(Onto(place, listed, to), None))).Problem
            .ShouldBeOfType<CloudProblem.Conflict>();
        var standing = (await world.Objects.HeadAsync(place, "a", null, None))!;
        (standing.Size, standing.KeyId).ShouldBe((5, from.Id));
        (await world.Cloud.ObjectEncryption.ListUploadsAsync(place, "", None).CountAsync()).ShouldBe(0);
    }
}
