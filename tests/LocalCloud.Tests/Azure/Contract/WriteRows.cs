using System.Security.Cryptography;
using LocalCloud.Tests.Azure.Blob;
using Shouldly;

namespace LocalCloud.Tests.Azure.Contract;

/// <summary>Blobs of all kinds, written and read.</summary>
internal static class WriteRows
{
    public static IReadOnlyList<BlobRow> All { get; } =
    [
        new("A blob comes back with its headers, metadata and digest", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "hello", ("x-ms-blob-content-type", "text/plain"),
                ("x-ms-blob-cache-control", "no-cache"), ("x-ms-meta-a", "1"));
            var got = (await world.Blobs.Get(world.At("a"))).Expect(200);
            $"{got.Text} {got.Header("Content-Type")} {got.Header("Cache-Control")} {got.Header("x-ms-meta-a")} {got.Header("x-ms-blob-type")} {got.Header("Content-MD5")}"
                .ShouldBe($"hello text/plain no-cache 1 BlockBlob {Convert.ToBase64String(MD5.HashData("hello"u8))}");
        }),
        new("Without a type a blob is a stream of octets", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "x");
            (await world.Blobs.Head(world.At("a"))).Header("Content-Type").ShouldBe("application/octet-stream");
        }),
        new("A range is a part, and one beyond the end is refused", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "hello");
            var part = (await world.Blobs.Get(world.At("a"), ("x-ms-range", "bytes=1-3"))).Expect(206);
            $"{part.Text} {part.Header("Content-Range")}".ShouldBe("ell bytes 1-3/5");
            (await world.Blobs.Get(world.At("a"), ("x-ms-range", "bytes=9-"))).Problem.ShouldBe("416 InvalidRange");
        }),
        new("Names of any letters come back as they were written", async world =>
        {
            await world.Blobs.PutBlob(world.At("a%20b%2Bc/%C3%BC%26%25.txt"), "x");
            (await world.Blobs.Get(world.At("a%20b%2Bc/%C3%BC%26%25.txt"))).Expect(200);
            (await world.Blobs.Get($"{world.Container}?restype=container&comp=list")).Xml.Descendants("Name")
                .Single().Value.ShouldBe("a b+c/ü&%.txt");
        }),
        new("Blocks are a blob in the order of their list, and only of blocks that are there", async world =>
        {
            await world.Blobs.PutBlock(world.At("a"), BlobWire.BlockId(1), "one");
            await world.Blobs.PutBlock(world.At("a"), BlobWire.BlockId(2), "two");
            (await world.Blobs.Get(world.At("a"))).Problem.ShouldBe("404 BlobNotFound");
            (await world.Blobs.Commit(world.At("a"), BlobWire.BlockId(2), BlobWire.BlockId(1))).Expect(201);
            (await world.Blobs.Get(world.At("a"))).Text.ShouldBe("twoone");
            (await world.Blobs.Commit(world.At("a"), BlobWire.BlockId(9))).Problem.ShouldBe("400 InvalidBlockList");
            (await world.Blobs.Get(world.At("a") + "?comp=blocklist&blocklisttype=all")).Xml
                .Element("CommittedBlocks")!.Elements().Count().ShouldBe(2);
        }),
        new("An append says where, and may say where it must be", async world =>
        {
            await world.Blobs.Put(world.At("a"), null, ("x-ms-blob-type", "AppendBlob"));
            await world.Blobs.Put(world.At("a") + "?comp=appendblock", "one"u8.ToArray());
            (await world.Blobs.Put(world.At("a") + "?comp=appendblock", "two"u8.ToArray())).Expect(201)
                .Header("x-ms-blob-append-offset").ShouldBe("3");
            (await world.Blobs.Put(world.At("a") + "?comp=appendblock", "x"u8.ToArray(),
                ("x-ms-blob-condition-appendpos", "3"))).Problem.ShouldBe("412 AppendPositionConditionNotMet");
            (await world.Blobs.Get(world.At("a"))).Text.ShouldBe("onetwo");
        }),
        new("A blob that is not for appending refuses it", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "x");
            (await world.Blobs.Put(world.At("a") + "?comp=appendblock", "x"u8.ToArray())).Problem
                .ShouldBe("409 InvalidBlobType");
        }),
        new("Pages not written read as zeros and are no ranges", async world =>
        {
            var page = RandomNumberGenerator.GetBytes(512);
            await world.Blobs.Put(world.At("a"), null, ("x-ms-blob-type", "PageBlob"),
                ("x-ms-blob-content-length", "2048"));
            (await world.Blobs.Put(world.At("a") + "?comp=page", page, ("x-ms-range", "bytes=512-1023"),
                ("x-ms-page-write", "update"))).Expect(201);
            (await world.Blobs.Get(world.At("a"))).Body.ShouldBe([.. new byte[512], .. page, .. new byte[1024]]);
            (await world.Blobs.Get(world.At("a") + "?comp=pagelist")).Xml.Elements("PageRange")
                .Select(range => $"{range.Element("Start")!.Value}-{range.Element("End")!.Value}")
                .ShouldBe(["512-1023"]);
        }),
        new("A page beyond the end is refused", async world =>
        {
            await world.Blobs.Put(world.At("a"), null, ("x-ms-blob-type", "PageBlob"),
                ("x-ms-blob-content-length", "512"));
            (await world.Blobs.Put(world.At("a") + "?comp=page", new byte[512], ("x-ms-range", "bytes=512-1023"),
                ("x-ms-page-write", "update"))).Problem.ShouldBe("416 InvalidPageRange");
        }),
        new("A wrong MD5 is refused",
            async world =>
                (await world.Blobs.PutBlob(world.At("a"), "x",
                    ("Content-MD5", Convert.ToBase64String(new byte[16])))).Problem.ShouldBe("400 Md5Mismatch")),
        new("A wrong CRC64 is refused",
            async world =>
                (await world.Blobs.PutBlob(world.At("a"), "123456789", ("x-ms-content-crc64", "AAAAAAAAAAA="))).Problem
                    .ShouldBe("400 Crc64Mismatch")),
        new("A write refuses what is there already, or isn't what it was", async world =>
        {
            var etag = (await world.Blobs.PutBlob(world.At("a"), "one")).Header("ETag")!;
            (await world.Blobs.PutBlob(world.At("a"), "two", ("If-None-Match", "*"))).Problem
                .ShouldBe("409 BlobAlreadyExists");
            (await world.Blobs.PutBlob(world.At("a"), "two", ("If-Match", "\"0x1\""))).Problem
                .ShouldBe("412 ConditionNotMet");
            (await world.Blobs.PutBlob(world.At("none"), "two", ("If-Match", etag))).Problem
                .ShouldBe("412 ConditionNotMet");
            (await world.Blobs.Delete(world.At("a"), ("If-Match", "\"0x1\""))).Problem.ShouldBe("412 ConditionNotMet");
            (await world.Blobs.Get(world.At("a"), ("If-None-Match", etag))).Status.ShouldBe(304);
        }),
        new("Metadata is replaced as a whole, and changes the entity tag", async world =>
        {
            var etag = (await world.Blobs.PutBlob(world.At("a"), "one", ("x-ms-meta-a", "1"))).Header("ETag");
            (await world.Blobs.Put(world.At("a") + "?comp=metadata", null, ("x-ms-meta-b", "2"))).Expect(200);
            var head = await world.Blobs.Head(world.At("a"));
            $"{head.Header("x-ms-meta-a")} {head.Header("x-ms-meta-b")} {head.Header("ETag") == etag}".ShouldBe(
                " 2 False");
        }),
        new("Tags are kept beside a blob and don't change its entity tag", async world =>
        {
            var etag = (await world.Blobs.PutBlob(world.At("a"), "one")).Header("ETag");
            (await world.Blobs.Put(world.At("a") + "?comp=tags",
                "<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>"u8.ToArray())).Expect(204);
            (await world.Blobs.Get(world.At("a") + "?comp=tags")).Xml.Descendants("Value").Single().Value.ShouldBe("v");
            var head = await world.Blobs.Head(world.At("a"));
            $"{head.Header("x-ms-tag-count")} {head.Header("ETag")}".ShouldBe($"1 {etag}");
        }),
        new("An archived blob is described and not read", async world =>
        {
            await world.Blobs.PutBlob(world.At("a"), "one");
            (await world.Blobs.Put(world.At("a") + "?comp=tier", null, ("x-ms-access-tier", "Archive"))).Expect(200);
            (await world.Blobs.Get(world.At("a"))).Problem.ShouldBe("409 BlobArchived");
            (await world.Blobs.Head(world.At("a"))).Header("x-ms-access-tier").ShouldBe("Archive");
        }),
    ];
}
