using System.Security.Cryptography;
using Azure.Core;
using Cloud.Objects;
using Cloud.Stores;
using Cloud.Tests.Contract;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Objects;

/// <summary>What of a blob is kept apart from its bytes, and how each kind of blob is copied.</summary>
public sealed class BlobCopyTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly BlobWorld world = new(stand);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task A_copy_carries_headers_metadata_tags_and_tier(long byBlocksAbove)
    {
        using var cloud = stand.NewCloud(change: options => options with { CopyByBlocksAbove = byBlocksAbove });
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        await world.PutAsync(shared.Store, "acme/a", "content", [
            ("x-ms-blob-content-type", "text/x-acme"), ("x-ms-blob-cache-control", "max-age=60"),
            ("x-ms-blob-content-disposition", "attachment"),
            ("x-ms-meta-colour", "red"), ("x-ms-tags", "team=blue%20%2B%20green"), ("x-ms-access-tier", "Cool")]);
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        var result = await cloud.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None);
        result.KeyId.ShouldBe(target.Key.Id);

        var (source, copy) =
            (await world.HeadAsync(shared.Store, "acme/a"), await world.HeadAsync(target.Store, "acme/a"));
        (copy.KeyId, copy.Size, copy.ETag).ShouldBe((target.Key.Id, source.Size, result.ETag));
        copy.Headers.OrderBy(pair => pair.Key).ShouldBe(source.Headers.OrderBy(pair => pair.Key));
        copy.Headers["x-ms-access-tier"].ShouldBe("Cool");
        (await world.TagsAsync(target.Store, "acme/a")).ShouldContain("<Value>blue + green</Value>");
        (await cloud.Objects.HashAsync(target.Store, "acme/a", null, None)).ShouldBe(SHA256.HashData("content"u8));
    }

    [Fact]
    public async Task A_digest_that_the_source_keeps_is_held_against_the_bytes_by_the_service()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        await world.PutAsync(shared.Store, "acme/a", "content");
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        var result = await world.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None);
        result.Checksum.ShouldBe((await world.HeadAsync(shared.Store, "acme/a")).Checksum);
        result.Checksum!.Algorithm.ShouldBe("MD5");
    }

    [Fact]
    public async Task A_digest_that_is_not_the_sources_own_is_neither_proof_nor_carried_over()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        await world.PutAsync(shared.Store, "acme/a", "content",
            [("x-ms-blob-content-md5", Convert.ToBase64String(new byte[16]))]);
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        var result = await world.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None);
        result.Checksum.ShouldBeNull();
        (await world.HeadAsync(target.Store, "acme/a")).Checksum.ShouldBeNull();
        (await world.Objects.HashAsync(target.Store, "acme/a", null, None)).ShouldBe(SHA256.HashData("content"u8));
    }

    [Theory]
    [InlineData("AppendBlob", 250L << 20)]
    [InlineData("PageBlob", 9L << 20)]
    [InlineData("BlockBlob", 6L << 30)]
    public async Task A_blob_of_any_kind_and_size_is_copied_as_that_kind(string kind, long size)
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        stand.Admin.PutSparse(shared.Store.Name.Split('/')[0], "data", "acme/a", size, seed: 7, kind);
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        var result = await world.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None);

        var (source, copy) =
            (await world.HeadAsync(shared.Store, "acme/a"), await world.HeadAsync(target.Store, "acme/a"));
        (copy.Size, copy.ETag).ShouldBe((size, result.ETag));
        copy.Headers.OrderBy(pair => pair.Key).ShouldBe(source.Headers.OrderBy(pair => pair.Key));
        if (kind == "PageBlob")
        {
            (await world.Objects.HashAsync(target.Store, "acme/a", null, None))
                .ShouldBe(await world.Objects.HashAsync(shared.Store, "acme/a", null, None));
        }
    }

    [Fact]
    public async Task Pages_that_were_never_written_are_not_copied_and_a_seal_is()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        var (page, append) =
            (BlobWorld.Address(shared.Store, "acme/page"), BlobWorld.Address(shared.Store, "acme/append"));
        await world.SendAsync(RequestMethod.Put, page, [], ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", "8192"), ("x-ms-blob-sequence-number", "3"));
        await world.SendAsync(RequestMethod.Put, page + "?comp=page", [.. Enumerable.Repeat((byte)5, 512)],
            ("x-ms-page-write", "update"), ("x-ms-range", "bytes=1024-1535"));
        await world.SendAsync(RequestMethod.Put, append, [], ("x-ms-blob-type", "AppendBlob"));
        await world.SendAsync(RequestMethod.Put, append + "?comp=appendblock", [1, 2, 3]);
        await world.SendAsync(RequestMethod.Put, append + "?comp=seal", []);
        foreach (var listed in await world.ListAsync(shared.Store, "acme/"))
        {
            await world.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None);
        }

        var ranges = await world.SendAsync(RequestMethod.Get,
            BlobWorld.Address(target.Store, "acme/page") + "?comp=pagelist", []);
        ranges.Body.ToString().ShouldContain("<PageRange><Start>1024</Start><End>1535</End></PageRange></PageList>");
        var copied = await world.HeadAsync(target.Store, "acme/append");
        (copied.Size, copied.Headers["x-ms-blob-sealed"]).ShouldBe((3, "true"));
        (await world.HeadAsync(target.Store, "acme/page")).Headers["x-ms-blob-sequence-number"].ShouldBe("3");
    }

    [Fact]
    public async Task An_account_that_left_the_ordered_key_is_not_written_to()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        var other = await world.SharedAsync();
        await world.PutAsync(shared.Store, "acme/a", "x");
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        foreach (var wrong
            in new[]
            {
                target with { Store = other.Store },
                target with { Key = target.Key with { Id = target.Key.Id + "2" } },
            })
        {
            var failure = await Should.ThrowAsync<CloudException>(() =>
                world.Objects.CopyAsync(ObjectRows.Order(shared, listed, wrong), None));
            failure.Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe("AccountUnderAnotherKey");
            (await Should.ThrowAsync<CloudException>(() =>
                world.Objects.WriteMarkAsync(wrong.Store, ".byok/m", default, wrong.Key, null, None)))
                .Problem.Code.ShouldBe("AccountUnderAnotherKey");
            (await world.ListAsync(wrong.Store, "")).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_legal_hold_is_said_not_to_be_carried_and_keeps_its_blob_from_being_deleted()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        await world.PutAsync(shared.Store, "acme/a", "x", [("x-ms-legal-hold", "true")]);
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        (await world.HeadAsync(shared.Store, "acme/a")).NotCarried.ShouldBe(["legalHold"]);
        await world.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None);
        (await world.HeadAsync(target.Store, "acme/a")).NotCarried.ShouldBeEmpty();
        var failure = await Should.ThrowAsync<CloudException>(() =>
            world.Objects.DeleteVersionsAsync(shared.Store, [listed], None));
        failure.Problem.ShouldBeOfType<CloudProblem.Refused>().Fix!.ShouldContain("legal hold");
    }

    [Fact]
    public async Task An_archived_blob_is_refused_with_the_mend()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        await world.PutAsync(shared.Store, "acme/a", "x", [("x-ms-access-tier", "Archive")]);
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        var failure = await Should.ThrowAsync<CloudException>(() =>
            world.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None));
        failure.Problem.ShouldBeOfType<CloudProblem.Refused>().Fix!.ShouldContain("restore");
    }
}
