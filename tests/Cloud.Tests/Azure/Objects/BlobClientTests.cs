using System.Security.Cryptography;
using Azure;
using Azure.Core;
using Cloud.Azure.Objects;
using Cloud.Objects;
using Cloud.Stores;
using Cloud.Tests.Contract;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Objects;

/// <summary>What the SDK does in our name: which blob it addresses, what it reads, and how often it asks.</summary>
public sealed class BlobClientTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly BlobWorld world = new(stand);

    /// <summary>The SDK's own WithVersion takes the slashes off.</summary>
    [Theory]
    [InlineData("acme/a/")]
    [InlineData("acme/a//")]
    [InlineData("/acme/a")]
    public async Task A_version_of_a_name_with_slashes_at_its_ends_is_that_names_and_no_other_ones(string name)
    {
        var store = (await world.StoreAsync(versioned: true)).Store;
        string[] keys = [name, "acme/a"];
        foreach (var key in keys)
        {
            await world.PutAsync(store, key, $"old {key}");
            await world.PutAsync(store, key, $"new {key}");
        }

        var older = (await world.ListAsync(store, "")).Single(version => version.Key == name && !version.IsLatest);
        (await world.Objects.HashAsync(store, name, older.VersionId, None)).ShouldBe(Hash($"old {name}"));
        (await world.HeadAsync(store, name, older.VersionId)).ETag.ShouldBe(older.ETag);
        await world.Objects.DeleteVersionsAsync(store, [older], None);

        (await world.ListAsync(store, "")).Select(version => version.Key).Order(StringComparer.Ordinal)
            .ShouldBe(new[] { name, "acme/a", "acme/a" }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_of_a_name_with_a_slash_at_its_end_is_that_names()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        await world.PutAsync(shared.Store, "acme/a/", "old");
        await world.SendAsync(RequestMethod.Put, BlobWorld.Address(shared.Store, "acme/a/") + "?comp=snapshot", []);
        await world.PutAsync(shared.Store, "acme/a/", "new");
        var listed = await world.ListAsync(shared.Store, "acme/");
        await world.Objects.CopyAsync(ObjectRows.Order(shared, listed[1], target), None);
        (await world.Objects.HashAsync(target.Store, "acme/a/", null, None)).ShouldBe(Hash("old"));
        await world.Objects.DeleteVersionsAsync(shared.Store, listed, None);
        (await world.ListAsync(shared.Store, "")).ShouldBeEmpty();
    }

    /// <summary>The name is the prefix of the listing that finds the versions beneath it,
    /// and the service repeats the prefix as it is.</summary>
    [Theory]
    [InlineData("acme/\u0001")]
    [InlineData("acme/a\u001Fb")]
    [InlineData("acme/\uFFFE")]
    [InlineData("acme/]]>\uFFFF&<Prefix>")]
    [InlineData("acme/\r\n")]
    public async Task A_name_that_XML_can_not_hold_is_marked_deleted(string name)
    {
        var store = (await world.StoreAsync(versioned: true)).Store;
        await world.PutAsync(store, name, "x");
        var marker = await world.Objects.MarkDeletedAsync(store, name, None);
        var listed = await world.ListAsync(store, name);
        (listed[0].Key, listed[0].VersionId, listed[0].IsDeleteMarker, listed.Count).ShouldBe((name, marker, true, 2));
    }

    [Fact]
    public void Only_the_prefix_of_a_page_is_blanked()
    {
        var page = "<E><Prefix>a&#x1;</Prefix><Blobs><Blob><Name>a</Name></Blob></Blobs></E>"u8.ToArray();
        PrefixEcho.Blank(page);
        System.Text.Encoding.UTF8.GetString(page)
            .ShouldBe("<E><Prefix>      </Prefix><Blobs><Blob><Name>a</Name></Blob></Blobs></E>");
        foreach (var none in new[] { "", "<Prefix>", "<Prefix/>", "</Prefix><Prefix>", "<Prefix></Prefix>" })
        {
            var kept = System.Text.Encoding.UTF8.GetBytes(none);
            PrefixEcho.Blank(kept);
            System.Text.Encoding.UTF8.GetString(kept).ShouldBe(none);
        }
    }

    [Fact]
    public async Task A_content_that_breaks_off_is_read_on_from_there()
    {
        var store = (await world.SharedAsync()).Store;
        stand.Admin.PutSparse(store.Name.Split('/')[0], "data", "acme/a", 3L << 20, seed: 7, "BlockBlob");
        var whole = await world.Objects.HashAsync(store, "acme/a", null, None);
        var before = stand.Server.Admin.Count("blob", "GetBlob");
        stand.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.CutBody(1 << 20))
            {
                Service = "blob",
                Operation = "GetBlob",
                KeyPrefix = "acme/a",
                Count = 1,
            });

        (await world.Objects.HashAsync(store, "acme/a", null, None)).ShouldBe(whole);

        (stand.Server.Admin.Count("blob", "GetBlob") - before).ShouldBe(2);
    }

    [Fact]
    public async Task A_throttled_call_is_tried_as_often_as_ours_are_and_no_oftener()
    {
        using var cloud = stand.NewCloud(time: SkippingTime.OnlyPauses());
        var store = (await world.SharedAsync()).Store;
        await world.PutAsync(store, "acme/throttled", "x");
        var before = stand.Server.Admin.Count("blob", "GetBlobProperties");
        var rule = stand.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle())
            {
                Service = "blob",
                Operation = "GetBlobProperties",
                KeyPrefix = "acme/throttled",
            });
        try
        {
            var refused = await Should.ThrowAsync<CloudException>(() =>
                cloud.Objects.HeadAsync(store, "acme/throttled", null, None));
            refused.Problem.ShouldBeOfType<CloudProblem.Throttled>().Code.ShouldBe("ServerBusy");
        }
        finally
        {
            stand.Server.Admin.RemoveFault(rule);
        }

        (stand.Server.Admin.Count("blob", "GetBlobProperties") - before).ShouldBe(4);
    }

    [Fact]
    public async Task A_change_asks_for_leave_and_a_look_does_not()
    {
        using var cloud = stand.NewCloud(() => throw new LeaveGoneException(),
            options => options with { Connections = null, Transport = stand.Server.NewAzureHandler() });
        var store = (await world.SharedAsync()).Store;
        await world.PutAsync(store, "acme/a", "x");
        var listed = await world.ListAsync(store, "acme/");
        var before = stand.Server.Admin.Count("blob", "DeleteBlob");

        (await cloud.Objects.HeadAsync(store, "acme/a", null, None)).ShouldNotBeNull();
        await Should.ThrowAsync<LeaveGoneException>(() => cloud.Objects.DeleteVersionsAsync(store, listed, None));

        stand.Server.Admin.Count("blob", "DeleteBlob").ShouldBe(before);
    }

    [Fact]
    public async Task What_a_refused_copy_says_has_no_token_in_it()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        await world.PutAsync(shared.Store, "acme/a", "old");
        var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
        await world.PutAsync(shared.Store, "acme/a", "new");
        var refused = await Should.ThrowAsync<CloudException>(() =>
            world.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None));
        refused.ToString().ShouldNotContain("eyJ");
        refused.ToString().ShouldNotContain("Bearer");
        refused.Problem.Message.ShouldBe("The source condition specified using HTTP conditional header(s) is not met.");
    }

    /// <summary>The SDK commits the latest block of an id, and that may be another worker's.</summary>
    [Fact]
    public void Blocks_of_two_states_of_a_source_never_have_one_id_and_all_ids_have_one_length()
    {
        var (one, other) =
            (new Uri("https://a.blob.core.windows.net/c/a"), new Uri("https://a.blob.core.windows.net/c/b"));
        string[] ids =
        [
            BlockCopier.IdOf(one, "0x1", new HttpRange(0, 5), 0), BlockCopier.IdOf(one, "0x2", new HttpRange(0, 5), 0),
            BlockCopier.IdOf(other, "0x1", new HttpRange(0, 5), 0),
            BlockCopier.IdOf(one, "0x1", new HttpRange(0, 6), 0),
            BlockCopier.IdOf(one, "0x1", new HttpRange(0, 5), 49_999),
        ];
        ids.ShouldBeUnique();
        ids.Select(id => Convert.FromBase64String(id).Length).Distinct().ShouldBe([24]);
        BlockCopier.IdOf(one, "0x1", new HttpRange(0, 5), 0).ShouldBe(ids[0]);
    }

    [Fact]
    public async Task The_pages_of_a_snapshot_are_copied_as_they_were()
    {
        var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
        var page = BlobWorld.Address(shared.Store, "acme/page");
        await world.SendAsync(RequestMethod.Put, page, [], ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", "8192"));
        await WriteAsync("bytes=0-511");
        await world.SendAsync(RequestMethod.Put, page + "?comp=snapshot", []);
        await WriteAsync("bytes=4096-4607");
        var snapshot = (await world.ListAsync(shared.Store, "acme/")).Single(version => !version.IsLatest);
        await world.Objects.CopyAsync(ObjectRows.Order(shared, snapshot, target), None);

        var ranges = await world.SendAsync(RequestMethod.Get,
            BlobWorld.Address(target.Store, "acme/page") + "?comp=pagelist", []);
        ranges.Body.ToString()
            .ShouldContain("<PageList><PageRange><Start>0</Start><End>511</End></PageRange></PageList>");

        Task WriteAsync(string range) =>
            world.SendAsync(RequestMethod.Put, page + "?comp=page", [.. Enumerable.Repeat((byte)5, 512)],
                ("x-ms-page-write", "update"), ("x-ms-range", range));
    }

    private static byte[] Hash(string content) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content));

    private sealed class LeaveGoneException : Exception;
}
