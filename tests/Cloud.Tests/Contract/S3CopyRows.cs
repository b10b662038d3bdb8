using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;

namespace Cloud.Tests.Contract;

/// <summary>What of an object S3 keeps apart from its bytes, and of its versions apart from each other.</summary>
internal static class S3CopyRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("A copy carries everything and lies under the ordered key",
            world => CopiesWholeAsync(world, long.MaxValue)),
        new("A copy by parts carries everything too", world => CopiesWholeAsync(world, multipartAbove: 1)),
        new("A copy leads nowhere unless it is told where, and is told apart by that", async world =>
        {
            var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
            await world.Workload.PutObjectAsync(new PutObjectRequest
            {
                BucketName = shared.Store.Name, Key = "acme/a", ContentBody = "x", UseChunkEncoding = false,
                WebsiteRedirectLocation = "/acme/b",
            });
            var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
            (await world.Objects.HeadAsync(shared.Store, "acme/a", null, None))!.RedirectTo.ShouldBe("/acme/b");
            var order = ObjectRows.Order(shared, listed, target);
            (await world.Objects.CopyAsync(order, None)).RedirectTo.ShouldBeNull();
            (await world.Objects.HeadAsync(target.Store, "acme/a", null, None))!.RedirectTo.ShouldBeNull();
            (await world.Objects.CopyAsync(order with { RedirectTo = "/acme/b" }, None)).RedirectTo.ShouldBe("/acme/b");
            (await world.Objects.HeadAsync(target.Store, "acme/a", null, None))!.RedirectTo.ShouldBe("/acme/b");
            using var cloud = world.Adapters(multipartAbove: 0);
            (await cloud.Objects.CopyAsync(order, None)).RedirectTo
                .ShouldBe("/acme/b", "by parts everything is asked for first");
        }),
        new("The null version of a bucket that keeps versions no more is deleted only while it is the one listed",
            async world =>
            {
                var shared = await world.SharedAsync(versioned: true);
                await world.Platform.PutBucketVersioningAsync(new PutBucketVersioningRequest
                {
                    BucketName = shared.Store.Name,
                    VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Suspended },
                });
                await world.PutAsync(shared.Store, "acme/a", "old");
                var listed = await NamedAsync(world, shared.Store);
                await world.PutAsync(shared.Store, "acme/a", "new");
                (await Should.ThrowAsync<CloudException>(() =>
                    world.Objects.DeleteVersionsAsync(shared.Store, listed, None))).Problem
                        .ShouldBeOfType<CloudProblem.Conflict>();
                (await world.Objects.HashAsync(shared.Store, "acme/a", null, None)).ShouldBe(SHA256.HashData("new"u8));
                await world.Objects.DeleteVersionsAsync(shared.Store, await NamedAsync(world, shared.Store), None);
                (await world.ListAsync(shared.Store, "")).ShouldBeEmpty("not even a marker is left");
            }),
    ];

    /// <summary>As a retirement names them: without its id a deletion would put a marker on top.</summary>
    private static async Task<IReadOnlyList<ObjectVersion>> NamedAsync(ContractWorld world, StoreRef store) =>
        (await world.ListAsync(store, "acme/")).ConvertAll(version => version with { VersionId = "null" });

    private static async Task CopiesWholeAsync(ContractWorld world, long multipartAbove)
    {
        using var cloud = world.Adapters(multipartAbove);
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        var put = new PutObjectRequest
        {
            BucketName = shared.Store.Name,
            Key = "acme/a",
            ContentBody = "content",
            ContentType = "text/x-acme",
            UseChunkEncoding = false,
            StorageClass = S3StorageClass.StandardInfrequentAccess,
            TagSet = [new Tag { Key = "team", Value = "blue + green" }],
        };
        put.Headers.CacheControl = "max-age=60";
        put.Headers.ContentDisposition = "attachment";
        put.Metadata["colour"] = "red";
        await world.Workload.PutObjectAsync(put);
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        var result = await cloud.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None);
        result.KeyId.ShouldBe(target.Key.Id);

        var source = (await cloud.Objects.HeadAsync(shared.Store, "acme/a", null, None))!;
        var copy = (await cloud.Objects.HeadAsync(target.Store, "acme/a", null, None))!;
        (copy.KeyId, copy.Size, copy.ETag).ShouldBe((target.Key.Id, source.Size, result.ETag));
        copy.Headers.OrderBy(pair => pair.Key).ShouldBe(source.Headers.OrderBy(pair => pair.Key));
        copy.Headers["x-amz-storage-class"].ShouldBe("STANDARD_IA");
        var tags = await world.Platform.GetObjectTaggingAsync(
            new GetObjectTaggingRequest { BucketName = target.Store.Name, Key = "acme/a" });
        tags.Tagging.Single().Value.ShouldBe("blue + green");
        (await cloud.Objects.HashAsync(target.Store, "acme/a", null, None)).ShouldBe(SHA256.HashData("content"u8));
    }
}
