using System.Text;
using LocalCloud.Tests.Azure.Blob;
using Shouldly;

namespace LocalCloud.Tests.Azure.Contract;

/// <summary>Who gets in, what stays, what is listed, what is copied.</summary>
internal static class KeepRows
{
    public static IReadOnlyList<BlobRow> All { get; } =
    [
        new("What isn't there has its own code", async world =>
        {
            (await world.Blobs.Get(world.At("none"))).Problem.ShouldBe("404 BlobNotFound");
            (await world.Blobs.Get(world.Container + "x/none")).Problem.ShouldBe("404 ContainerNotFound");
            (await world.Blobs.Put($"{world.Container}?restype=container", null)).Problem
                .ShouldBe("409 ContainerAlreadyExists");
            (await world.Blobs.Delete(world.At("none"))).Problem.ShouldBe("404 BlobNotFound");
        }),
        new("A container's name is short and plain",
            async world =>
                (await world.Blobs.Put("No?restype=container", null)).Problem.ShouldBe("400 InvalidResourceName")),
        new("A wrong key is refused",
            async world => (await world.WrongKey.Get(world.At("a"))).Problem.ShouldBe("403 AuthenticationFailed")),
        new("Nobody gets in without credentials",
            async world =>
                (await world.With("").Get($"{world.Container}?restype=container&comp=list")).Status
                    .ShouldBeOneOf(401, 403, 404, 409)),
        new("A signature opens one blob in one way", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "x");
            await world.Blobs.PutBlob(world.At("b"), "x");
            (await world.Sas("a", "r").Get(world.At("a"))).Expect(200);
            (await world.Sas("a", "r").Get(world.At("b"))).Problem.ShouldBe("403 AuthenticationFailed");
            (await world.Sas("a", "r").PutBlob(world.At("a"), "y")).Problem
                .ShouldBe("403 AuthorizationPermissionMismatch");
            (await world.Sas("a", "r", DateTimeOffset.UtcNow.AddMinutes(-5)).Get(world.At("a"))).Problem
                .ShouldBe("403 AuthenticationFailed");
        }),
        new("A signature for creating doesn't overwrite", async world =>
        {
            (await world.Sas("a", "c").PutBlob(world.At("a"), "x")).Expect(201);
            (await world.Sas("a", "c").PutBlob(world.At("a"), "y")).Problem
                .ShouldBe("403 AuthorizationPermissionMismatch");
        }),
        new("A container's signature reads and lists", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "x");
            (await world.ContainerSas("rl").Get(world.At("a"))).Expect(200);
            (await world.ContainerSas("rl").Get($"{world.Container}?restype=container&comp=list")).Expect(200);
            (await world.ContainerSas("r").Get($"{world.Container}?restype=container&comp=list")).Problem
                .ShouldBe("403 AuthorizationPermissionMismatch");
        }),
        new("An account's signature opens the types it names", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "x");
            (await world.AccountSas("rl", "sco").Get("?comp=list")).Expect(200);
            (await world.AccountSas("rl", "o").Get(world.At("a"))).Expect(200);
            (await world.AccountSas("rl", "s").Get(world.At("a"))).Problem
                .ShouldBe("403 AuthorizationResourceTypeMismatch");
        }),
        new("A stored policy taken away ends its signatures", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "x");
            await Acl(world,
                $"<SignedIdentifier><Id>p</Id><AccessPolicy><Start>2020-01-01T00:00:00Z</Start><Expiry>{DateTimeOffset.UtcNow.AddHours(1).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}</Expiry><Permission>r</Permission></AccessPolicy></SignedIdentifier>");
            (await world.ContainerSas("", "p").Get(world.At("a"))).Expect(200);
            await Acl(world, "");
            (await world.ContainerSas("", "p").Get(world.At("a"))).Problem.ShouldBe("403 AuthenticationFailed");
        }),
        new("Lists come in pages", async world =>
        {
            foreach (var name in new[] { "b", "a", "c" })
            {
                await world.Blobs.PutBlob(world.At(name), "x");
            }

            var first = (await world.Blobs.Get($"{world.Container}?restype=container&comp=list&maxresults=2")).Xml;
            first.Descendants("Name").Select(name => name.Value).ShouldBe(["a", "b"]);
            var marker = Uri.EscapeDataString(first.Element("NextMarker")!.Value);
            var second = (await world.Blobs.Get(
                $"{world.Container}?restype=container&comp=list&maxresults=2&marker={marker}")).Xml;
            second.Descendants("Name").Select(name => name.Value).ShouldBe(["c"]);
            second.Element("NextMarker")!.Value.ShouldBe("");
        }),
        new("Lists are in the order of UTF-16 code units", async world =>
        {
            foreach (var name in new[] { "\uFF08x", "\U0001F600", "z" })
            {
                await world.Blobs.PutBlob(world.At(Uri.EscapeDataString(name)), "x");
            }

            (await world.Blobs.Get($"{world.Container}?restype=container&comp=list")).Xml.Descendants("Name")
                .Select(name => name.Value).ShouldBe(["z", "\U0001F600", "\uFF08x"]);
        }),
        new("Lists fold names into folders", async world =>
        {
            foreach (var name in new[] { "a", "b/1", "b/2", "c" })
            {
                await world.Blobs.PutBlob(world.At(name), "x");
            }

            var list = (await world.Blobs.Get($"{world.Container}?restype=container&comp=list&delimiter=/")).Xml;
            list.Descendants("Blob").Select(blob => blob.Element("Name")!.Value).ShouldBe(["a", "c"]);
            list.Descendants("BlobPrefix").Select(prefix => prefix.Element("Name")!.Value).ShouldBe(["b/"]);
        }),
        new("Snapshots stand beside the blob and guard it", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "one");
            var snapshot = Uri.EscapeDataString(
                (await world.Blobs.Put(world.At("a") + "?comp=snapshot", null)).Expect(201).Header("x-ms-snapshot")!);
            await world.Blobs.PutBlob(world.At("a"), "two");
            (await world.Blobs.Get($"{world.At("a")}?snapshot={snapshot}")).Text.ShouldBe("one");
            (await world.Blobs.Delete(world.At("a"))).Problem.ShouldBe("409 SnapshotsPresent");
            (await world.Blobs.Delete(world.At("a"), ("x-ms-delete-snapshots", "include"))).Expect(202);
        }),
        new("A lease keeps others from writing", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "one");
            var id = (await world.Blobs.Put(world.At("a") + "?comp=lease", null, ("x-ms-lease-action", "acquire"),
                ("x-ms-lease-duration", "-1"))).Expect(201).Header("x-ms-lease-id")!;
            (await world.Blobs.PutBlob(world.At("a"), "two")).Problem.ShouldBe("412 LeaseIdMissing");
            (await world.Blobs.PutBlob(world.At("a"), "two", ("x-ms-lease-id", Guid.NewGuid().ToString()))).Problem
                .ShouldBe("412 LeaseIdMismatchWithBlobOperation");
            (await world.Blobs.Put(world.At("a") + "?comp=lease", null, ("x-ms-lease-action", "acquire"),
                ("x-ms-lease-duration", "15"))).Problem.ShouldBe("409 LeaseAlreadyPresent");
            (await world.Blobs.PutBlob(world.At("a"), "two", ("x-ms-lease-id", id))).Expect(201);
        }),
        new("A copy in the account is the blob again", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "one", ("x-ms-blob-content-type", "text/plain"),
                ("x-ms-meta-a", "1"));
            (await world.Blobs.Put(world.At("b"), null, ("x-ms-copy-source", world.Blobs.At(world.At("a")).ToString())))
                .Expect(202).Header("x-ms-copy-status").ShouldBe("success");
            var copy = await world.Blobs.Get(world.At("b"));
            $"{copy.Text} {copy.Header("Content-Type")} {copy.Header("x-ms-meta-a")} {copy.Header("x-ms-copy-progress")}".ShouldBe("one text/plain 1 3/3");
        }),
        new("A copy of what changed meanwhile is refused", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "one");
            (await world.Blobs.Put(world.At("b"), null, ("x-ms-copy-source", world.Blobs.At(world.At("a")).ToString()),
                ("x-ms-source-if-match", "\"0x1\""))).Problem.ShouldBe("412 SourceConditionNotMet");
        }),
        new("A blob is put from a URL",
            async world =>
                (await world.Blobs.Put(world.At("b"), null, ("x-ms-blob-type", "BlockBlob"),
                    ("x-ms-copy-source", await Sourced(world)))).Expect(201)),
        new("A block is put from a URL",
            async world =>
                (await world.Blobs.Put(world.At("b") + "?comp=block&blockid=QQ%3D%3D", null,
                    ("x-ms-copy-source", await Sourced(world)))).Expect(201)),
        new("A block is appended from a URL", async world =>
        {
            await world.Blobs.Put(world.At("b"), null, ("x-ms-blob-type", "AppendBlob"));
            (await world.Blobs.Put(world.At("b") + "?comp=appendblock", null,
                ("x-ms-copy-source", await Sourced(world)))).Expect(201);
        }),
        new("A page is put from a URL", async world =>
        {
            await world.Blobs.Put(world.At("b"), null, ("x-ms-blob-type", "PageBlob"),
                ("x-ms-blob-content-length", "512"));
            (await world.Blobs.Put(world.At("b") + "?comp=page", null, ("x-ms-copy-source", await Sourced(world)),
                ("x-ms-source-range", "bytes=0-511"), ("x-ms-range", "bytes=0-511"),
                ("x-ms-page-write", "update"))).Expect(201);
        }),
        new("A copy at once from a URL is done when it answers", async world =>
            (await world.Blobs.Put(world.At("b"), null, ("x-ms-requires-sync", "true"),
                ("x-ms-copy-source", await Sourced(world)))).Expect(202).Header("x-ms-copy-status")
                    .ShouldBe("success")),
        new("A leased container is not deleted", async world =>
        {
            await world.Blobs.Put($"{world.Container}?restype=container&comp=lease", null,
                ("x-ms-lease-action", "acquire"), ("x-ms-lease-duration", "-1"));
            (await world.Blobs.Delete($"{world.Container}?restype=container")).Problem.ShouldBe("412 LeaseIdMissing");
        }),
    ];

    private static async Task<string> Sourced(BlobWorld world)
    {
        await world.Blobs.PutBlob(world.At("a"), new string('x', 512));
        return world.Source("a");
    }

    private static async Task Acl(BlobWorld world, string body) =>
        (await world.Blobs.Put($"{world.Container}?restype=container&comp=acl",
            Encoding.UTF8.GetBytes(
                $"<?xml version=\"1.0\" encoding=\"utf-8\"?><SignedIdentifiers>{body}</SignedIdentifiers>")))
                    .Expect(200);
}
