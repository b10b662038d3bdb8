using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;

namespace Cloud.Tests.Contract;

internal static class ObjectRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("A copy carries everything and lies under the ordered key", world => CopiesWholeAsync(world, long.MaxValue)),
        new("A copy by parts carries everything too", world => CopiesWholeAsync(world, multipartAbove: 1)),
        new("A copy of what changed meanwhile is refused", async world =>
        {
            var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
            await world.PutAsync(shared.Store, "acme/a", "old");
            var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
            await world.PutAsync(shared.Store, "acme/a", "new");
            var failure = await Should.ThrowAsync<CloudException>(() => world.Cloud.Objects.CopyAsync(Order(shared, listed, target), None));
            failure.Problem.ShouldBeOfType<CloudProblem.Conflict>();
        }),
        new("An older version is copied as that version", async world =>
        {
            var (shared, target) = (await world.SharedAsync(versioned: true), await world.StoreAsync(versioned: true));
            await world.PutAsync(shared.Store, "acme/a", "old");
            await world.PutAsync(shared.Store, "acme/a", "new");
            var older = (await world.ListAsync(shared.Store, "acme/")).Single(version => !version.IsLatest);
            await world.Cloud.Objects.CopyAsync(Order(shared, older, target), None);
            (await world.Cloud.Objects.HashAsync(target.Store, "acme/a", null, None)).ShouldBe(SHA256.HashData("old"u8));
        }),
        new("A copy under a disabled key fails and leaves nothing", async world =>
        {
            var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
            await world.PutAsync(shared.Store, "acme/a", "x");
            await world.Tenant.DisableKeyAsync(new Amazon.KeyManagementService.Model.DisableKeyRequest { KeyId = target.Key.Id });
            var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
            var failure = await Should.ThrowAsync<CloudException>(() => world.Cloud.Objects.CopyAsync(Order(shared, listed, target), None));
            failure.Problem.ShouldBeOfType<CloudProblem.KeyUnusable>();
            (await world.ListAsync(target.Store, "")).ShouldBeEmpty();
        }),
        new("A listing has every version and marker, newest first, in key order", async world =>
        {
            var shared = await world.SharedAsync(versioned: true);
            await world.PutAsync(shared.Store, "acme/a", "1");
            await world.PutAsync(shared.Store, "acme/a", "2");
            await world.Cloud.Objects.MarkDeletedAsync(shared.Store, "acme/a", None);
            await world.PutAsync(shared.Store, "acme/b", "1");
            var listed = await world.ListAsync(shared.Store, "acme/");
            listed.Select(version => (version.Key, version.IsDeleteMarker, version.IsLatest)).ShouldBe(
                [("acme/a", true, true), ("acme/a", false, false), ("acme/a", false, false), ("acme/b", false, true)]);
            (await world.ListAsync(shared.Store, "acme/", "acme/a")).Select(version => version.Key).ShouldBe(["acme/b"]);
        }),
        new("Keys of any letters come back as they were written", async world =>
        {
            var shared = await world.SharedAsync();
            string[] keys = ["acme/a b", "acme/a+b", "acme/a%20b", "acme/ü/名前", "acme/q?x=1&y", "acme/'\"<>"];
            foreach (var key in keys)
            {
                await world.PutAsync(shared.Store, key, "x");
            }

            var listed = await world.ListAsync(shared.Store, "acme/");
            listed.Select(version => version.Key).ShouldBe(keys, ignoreOrder: true);
            var target = await world.StoreAsync();
            foreach (var version in listed)
            {
                await world.Cloud.Objects.CopyAsync(Order(shared, version, target), None);
            }

            (await world.ListAsync(target.Store, "acme/")).Select(version => version.Key).ShouldBe(keys, ignoreOrder: true);
        }),
        new("A listing goes on past one page", async world =>
        {
            var shared = await world.SharedAsync();
            await Task.WhenAll(Enumerable.Range(0, 1005).Select(number => world.PutAsync(shared.Store, $"acme/{number:D4}", "x")));
            (await world.ListAsync(shared.Store, "acme/")).Count.ShouldBe(1005);
        }),
        new("An unversioned object is deleted only while it is the one listed", async world =>
        {
            var shared = await world.SharedAsync();
            await world.PutAsync(shared.Store, "acme/a", "old");
            var listed = await world.ListAsync(shared.Store, "acme/");
            await world.PutAsync(shared.Store, "acme/a", "new");
            var failure = await Should.ThrowAsync<CloudException>(() => world.Cloud.Objects.DeleteVersionsAsync(shared.Store, listed, None));
            failure.Problem.ShouldBeOfType<CloudProblem.Conflict>();
            (await world.ListAsync(shared.Store, "acme/")).Count.ShouldBe(1);
        }),
        new("Versions and markers are deleted for good, and twice is once", async world =>
        {
            var shared = await world.SharedAsync(versioned: true);
            await world.PutAsync(shared.Store, "acme/a", "1");
            await world.Cloud.Objects.MarkDeletedAsync(shared.Store, "acme/a", None);
            var listed = await world.ListAsync(shared.Store, "acme/");
            await world.Cloud.Objects.DeleteVersionsAsync(shared.Store, listed, None);
            await world.Cloud.Objects.DeleteVersionsAsync(shared.Store, listed, None);
            (await world.ListAsync(shared.Store, "acme/")).ShouldBeEmpty();
        }),
        new("A mark is written under its condition and the tenant's key", async world =>
        {
            var spec = await world.StoreAsync();
            (await world.Cloud.Objects.ReadMarkAsync(spec.Store, ".byok/m", None)).ShouldBeNull();
            var first = await WriteAsync(world, spec, "1", "*none*");
            (await Should.ThrowAsync<CloudException>(() => WriteAsync(world, spec, "2", "*none*"))).Problem.ShouldBeOfType<CloudProblem.Conflict>();
            var second = await WriteAsync(world, spec, "2", first);
            (await Should.ThrowAsync<CloudException>(() => WriteAsync(world, spec, "3", first))).Problem.ShouldBeOfType<CloudProblem.Conflict>();
            var mark = await world.Cloud.Objects.ReadMarkAsync(spec.Store, ".byok/m", None);
            (mark!.ETag, mark.Content.ToArray().Single()).ShouldBe((second, (byte)'2'));
            (await world.Cloud.Objects.HeadAsync(spec.Store, ".byok/m", null, None))!.KeyId.ShouldBe(spec.Key.Id);
        }),
        new("What is not there has no head", async world =>
        {
            var shared = await world.SharedAsync();
            (await world.Cloud.Objects.HeadAsync(shared.Store, "acme/none", null, None)).ShouldBeNull();
        }),
    ];

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
        var result = await cloud.Objects.CopyAsync(Order(shared, listed, target), None);
        result.KeyId.ShouldBe(target.Key.Id);

        var source = (await cloud.Objects.HeadAsync(shared.Store, "acme/a", null, None))!;
        var copy = (await cloud.Objects.HeadAsync(target.Store, "acme/a", null, None))!;
        (copy.KeyId, copy.Size, copy.ETag).ShouldBe((target.Key.Id, source.Size, result.ETag));
        copy.Headers.OrderBy(pair => pair.Key).ShouldBe(source.Headers.OrderBy(pair => pair.Key));
        copy.Headers["x-amz-storage-class"].ShouldBe("STANDARD_IA");
        var tags = await world.Platform.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = target.Store.Name, Key = "acme/a" });
        tags.Tagging.Single().Value.ShouldBe("blue + green");
        (await cloud.Objects.HashAsync(target.Store, "acme/a", null, None)).ShouldBe(SHA256.HashData("content"u8));
    }

    private static CopyOrder Order(SharedRef shared, ObjectVersion version, StoreSpec target) =>
        new(shared.Store, version, target.Store, version.Key, target.Key, target.BucketKey);

    private static Task<string> WriteAsync(ContractWorld world, StoreSpec spec, string content, string? condition) =>
        world.Cloud.Objects.WriteMarkAsync(spec.Store, ".byok/m", System.Text.Encoding.UTF8.GetBytes(content), spec.Key, condition, None);
}
