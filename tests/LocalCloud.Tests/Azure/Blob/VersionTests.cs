using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Blob;

public sealed class VersionTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    [Fact]
    public async Task Versions_keep_what_was_and_come_back()
    {
        var blobs = await New("""{"isVersioningEnabled":true}""");
        var first = (await blobs.PutBlob("data/a", "one")).Header("x-ms-version-id")!;
        var second = (await blobs.PutBlob("data/a", "two")).Header("x-ms-version-id")!;
        first.ShouldNotBe(second);
        (await blobs.Get($"data/a?versionid={Uri.EscapeDataString(first)}")).Text.ShouldBe("one");
        (await blobs.Get("data/a")).Header("x-ms-is-current-version").ShouldBe("true");
        (await blobs.Put("data/a?comp=metadata", null, ("x-ms-meta-a", "1"))).Header("x-ms-version-id")
            .ShouldNotBe(second);
        (await blobs.Delete($"data/a?versionid={Uri.EscapeDataString(second)}")).Expect(202);
        (await blobs.Delete("data/a")).Expect(202);
        (await blobs.Get("data/a")).Problem.ShouldBe("404 BlobNotFound");
        var list = (await blobs.Get("data?restype=container&comp=list&include=versions,metadata")).Xml
            .Descendants("Blob").ToArray();
        list.Length.ShouldBe(2);
        list[0].Element("VersionId")!.Value.ShouldBe(first);
        list[1].Element("Metadata")!.Element("a")!.Value.ShouldBe("1");
        (await blobs.Get("data?restype=container&comp=list")).Xml.Descendants("Blob").ShouldBeEmpty();
    }

    [Fact]
    public async Task Snapshots_stand_beside_the_blob_and_guard_it()
    {
        var blobs = await New("{}");
        await blobs.PutBlob("data/a", "one");
        var snapshot =
            Uri.EscapeDataString((await blobs.Put("data/a?comp=snapshot", null)).Expect(201).Header("x-ms-snapshot")!);
        await blobs.PutBlob("data/a", "two");
        (await blobs.Get($"data/a?snapshot={snapshot}")).Text.ShouldBe("one");
        (await blobs.Delete("data/a")).Problem.ShouldBe("409 SnapshotsPresent");
        (await blobs.Get("data?restype=container&comp=list&include=snapshots")).Xml.Descendants("Blob")
            .Select(blob => blob.Element("Snapshot") is not null).ShouldBe([true, false]);
        (await blobs.Delete("data/a", ("x-ms-delete-snapshots", "only"))).Expect(202);
        (await blobs.Get($"data/a?snapshot={snapshot}")).Problem.ShouldBe("404 BlobNotFound");
        (await blobs.Delete("data/a", ("x-ms-delete-snapshots", "include"))).Expect(202);
        (await blobs.Delete("data/a")).Problem.ShouldBe("404 BlobNotFound");
    }

    [Fact]
    public async Task A_deleted_blob_can_be_had_back_while_it_is_kept()
    {
        var blobs = await New("""{"deleteRetentionPolicy":{"enabled":true,"days":7}}""");
        await blobs.PutBlob("data/a", "one");
        (await blobs.Delete("data/a")).Expect(202).Header("x-ms-delete-type-permanent").ShouldBe("false");
        (await blobs.Get("data/a")).Problem.ShouldBe("404 BlobNotFound");
        (await blobs.Get("data?restype=container&comp=list&include=deleted")).Xml.Descendants("Deleted")
            .Single().Value.ShouldBe("true");
        (await blobs.Put("data/a?comp=undelete", null)).Expect(200);
        (await blobs.Get("data/a")).Text.ShouldBe("one");
        await blobs.PutBlob("data/a", "two");
        (await blobs.Get("data?restype=container&comp=list&include=deleted,snapshots")).Xml.Descendants("Blob").Count()
            .ShouldBe(2);
    }

    [Fact]
    public async Task Lists_come_in_pages_and_by_folder()
    {
        var blobs = await New("{}");
        foreach (var name in new[] { "b/1", "a", "b/2", "c", "b/c/3" })
        {
            (await blobs.PutBlob("data/" + name, "x", ("x-ms-tags", "k=v"))).Expect(201);
        }

        var folders = (await blobs.Get("data?restype=container&comp=list&delimiter=/")).Xml;
        folders.Descendants("Blob").Select(blob => blob.Element("Name")!.Value).ShouldBe(["a", "c"]);
        folders.Descendants("BlobPrefix").Select(prefix => prefix.Element("Name")!.Value).ShouldBe(["b/"]);
        var names = new List<string>();
        for (var marker = "start"; marker.Length > 0;)
        {
            var page = (await blobs.Get(
                $"data?restype=container&comp=list&maxresults=2&include=tags{(marker == "start" ? "" : "&marker=" + Uri.EscapeDataString(marker))}")).Expect(200).Xml;
            names.AddRange(page.Descendants("Name").Select(name => name.Value));
            page.Descendants("Tag").Count().ShouldBe(page.Descendants("Blob").Count());
            marker = page.Element("NextMarker")!.Value;
        }

        names.ShouldBe(["a", "b/1", "b/2", "b/c/3", "c"]);
        (await blobs.Get("data?restype=container&comp=list&prefix=b/&delimiter=/")).Xml.Descendants("Name")
            .Select(name => name.Value).ShouldBe(["b/1", "b/2", "b/c/"]);
        (await blobs.Get("data?restype=container&comp=list&maxresults=0")).Problem
            .ShouldBe("400 OutOfRangeQueryParameterValue");
    }

    [Fact]
    public async Task Containers_come_and_go_and_are_listed()
    {
        var blobs = await New("{}");
        (await blobs.Put("more?restype=container", null, ("x-ms-meta-a", "1"))).Expect(201);
        (await blobs.Get("?comp=list&include=metadata")).Xml.Descendants("Container")
            .Select(one => one.Element("Name")!.Value).ShouldBe(["data", "more"]);
        (await blobs.Head("more?restype=container")).Expect(200).Header("x-ms-meta-a").ShouldBe("1");
        var id = (await blobs.Put("more?restype=container&comp=lease", null, ("x-ms-lease-action", "acquire"),
            ("x-ms-lease-duration", "-1"))).Expect(201).Header("x-ms-lease-id")!;
        (await blobs.Delete("more?restype=container")).Problem.ShouldBe("412 LeaseIdMissing");
        (await blobs.Delete("more?restype=container", ("x-ms-lease-id", id))).Expect(202);
        (await blobs.Head("more?restype=container")).Status.ShouldBe(404);
    }

    private async Task<BlobWire> New(string service)
    {
        var account = cloud.NewAccount();
        await cloud.Arm()
            .Put($"{cloud.Admin.AccountId(account)}/blobServices/default",
                new JsonObject { ["properties"] = JsonNode.Parse(service) });
        return BlobWire.Key(cloud, account);
    }
}
