using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Blob;

public sealed class BlobTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    [Fact]
    public async Task A_blob_comes_back_with_all_that_it_was_given()
    {
        var (blobs, _) = NewContainer();
        var put = (await blobs.PutBlob("data/a%20b/%C3%BC.txt", "hello", ("x-ms-blob-content-type", "text/plain"),
            ("x-ms-blob-cache-control", "no-cache"), ("x-ms-meta-Tenant", "acme"),
            ("x-ms-tags", "k=v&x=y%20z"))).Expect(201);
        var got = (await blobs.Get("data/a%20b/%C3%BC.txt")).Expect(200);
        $"{got.Text} {got.Header("Content-Type")} {got.Header("Cache-Control")} {got.Header("x-ms-meta-Tenant")} {got.Header("x-ms-tag-count")} {got.Header("x-ms-blob-type")} {got.Header("ETag")}"
            .ShouldBe($"hello text/plain no-cache acme 2 BlockBlob {put.Header("ETag")}");
        got.Header("Content-MD5").ShouldBe(Convert.ToBase64String(MD5.HashData("hello"u8)));
        var head = (await blobs.Head("data/a%20b/%C3%BC.txt")).Expect(200);
        $"{head.Header("Content-Length")} {head.Header("x-ms-server-encrypted")}".ShouldBe("5 true");
        (await blobs.Get("data/a%20b/%C3%BC.txt?comp=tags")).Xml.Descendants("Tag")
            .Select(tag => $"{tag.Element("Key")!.Value}={tag.Element("Value")!.Value}").ShouldBe(["k=v", "x=y z"]);
        var range = (await blobs.Get("data/a%20b/%C3%BC.txt", ("x-ms-range", "bytes=1-3"))).Expect(206);
        $"{range.Text} {range.Header("Content-Range")}".ShouldBe("ell bytes 1-3/5");
        (await blobs.Get("data/a%20b/%C3%BC.txt", ("x-ms-range", "bytes=9-"))).Problem.ShouldBe("416 InvalidRange");
    }

    [Fact]
    public async Task Blocks_become_a_blob_when_their_list_is_put()
    {
        var (blobs, _) = NewContainer();
        var ids = Enumerable.Range(0, 3).Select(BlobWire.BlockId).ToArray();
        foreach (var (id, number) in ids.Select((id, number) => (id, number)))
        {
            (await blobs.PutBlock("data/b", id, new string((char)('a' + number), 3))).Expect(201);
        }

        (await blobs.Get("data/b")).Problem.ShouldBe("404 BlobNotFound");
        (await blobs.Get("data?restype=container&comp=list")).Xml.Descendants("Blob").ShouldBeEmpty();
        (await blobs.Get("data/b?comp=blocklist&blocklisttype=uncommitted")).Xml.Descendants("Block").Count()
            .ShouldBe(3);
        (await blobs.Commit("data/b", ids[2], ids[0])).Expect(201);
        (await blobs.Get("data/b")).Text.ShouldBe("cccaaa");
        (await blobs.Get("data/b?comp=blocklist&blocklisttype=all")).Xml.Element("CommittedBlocks")!.Elements().Count()
            .ShouldBe(2);
        (await blobs.Commit("data/b", ids[0], BlobWire.BlockId(9))).Problem.ShouldBe("400 InvalidBlockList");
        (await blobs.Commit("data/b", ids[0], ids[1])).Problem.ShouldBe("400 InvalidBlockList");
        (await blobs.PutBlock("data/b", "no-base64!", "x")).Problem.ShouldBe("400 InvalidQueryParameterValue");
        (await blobs.PutBlock("data/c", ids[0], "x")).Expect(201);
        (await blobs.PutBlock("data/c", "QQ==", "x")).Problem.ShouldBe("400 InvalidBlobOrBlock");
    }

    [Fact]
    public async Task An_append_blob_grows_at_its_end_until_it_is_sealed()
    {
        var (blobs, _) = NewContainer();
        (await blobs.Put("data/log", null, ("x-ms-blob-type", "AppendBlob"))).Expect(201);
        (await blobs.Put("data/log?comp=appendblock", "one"u8.ToArray())).Expect(201).Header("x-ms-blob-append-offset")
            .ShouldBe("0");
        (await blobs.Put("data/log?comp=appendblock", "two"u8.ToArray(), ("x-ms-blob-condition-appendpos", "3")))
            .Expect(201).Header("x-ms-blob-append-offset").ShouldBe("3");
        (await blobs.Put("data/log?comp=appendblock", "three"u8.ToArray())).Expect(201);
        (await blobs.Put("data/log?comp=appendblock", "no"u8.ToArray(), ("x-ms-blob-condition-appendpos", "3"))).Problem
            .ShouldBe("412 AppendPositionConditionNotMet");
        (await blobs.Put("data/log?comp=appendblock", "no"u8.ToArray(), ("x-ms-blob-condition-maxsize", "11"))).Problem
            .ShouldBe("412 MaxBlobSizeConditionNotMet");
        var got = await blobs.Get("data/log");
        $"{got.Text} {got.Header("x-ms-blob-committed-block-count")}".ShouldBe("onetwothree 3");
        (await blobs.Put("data/log?comp=seal", null)).Expect(200);
        (await blobs.Put("data/log?comp=appendblock", "no"u8.ToArray())).Problem.ShouldBe("409 BlobIsSealed");
        await blobs.PutBlob("data/block", "x");
        (await blobs.Put("data/block?comp=appendblock", "no"u8.ToArray())).Problem.ShouldBe("409 InvalidBlobType");
    }

    [Fact]
    public async Task Pages_are_written_in_place_and_holes_read_as_zeros()
    {
        var (blobs, _) = NewContainer();
        (await blobs.Put("data/disk", null, ("x-ms-blob-type", "PageBlob"),
            ("x-ms-blob-content-length", "1000"))).Problem.ShouldBe("400 InvalidHeaderValue");
        (await blobs.Put("data/disk", null, ("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", "4096")))
            .Expect(201);
        var pages = RandomNumberGenerator.GetBytes(1536);
        await Write(512, pages);
        await Write(1024, new byte[512]);
        (await blobs.Put("data/disk?comp=page", null, ("x-ms-range", "bytes=1536-2047"), ("x-ms-page-write", "clear")))
            .Expect(201);
        var expected = new byte[4096];
        pages.AsSpan(0, 512).CopyTo(expected.AsSpan(512));
        (await blobs.Get("data/disk")).Body.ShouldBe(expected);
        (await blobs.Get("data/disk?comp=pagelist")).Xml.Elements("PageRange")
            .Select(range => $"{range.Element("Start")!.Value}-{range.Element("End")!.Value}").ShouldBe(["512-1535"]);
        (await blobs.Put("data/disk?comp=page", new byte[512], ("x-ms-range", "bytes=4096-4607"),
            ("x-ms-page-write", "update"))).Problem.ShouldBe("416 InvalidPageRange");
        (await blobs.Put("data/disk?comp=page", new byte[100], ("x-ms-range", "bytes=0-99"),
            ("x-ms-page-write", "update"))).Problem.ShouldBe("416 InvalidPageRange");
        (await blobs.Put("data/disk?comp=properties", null, ("x-ms-blob-content-length", "1024"))).Expect(200);
        (await blobs.Get("data/disk")).Body.ShouldBe(expected[..1024]);

        async Task Write(int at, byte[] bytes) =>
            (await blobs.Put("data/disk?comp=page", bytes, ("x-ms-range", $"bytes={at}-{at + bytes.Length - 1}"),
                ("x-ms-page-write", "update"))).Expect(201);
    }

    [Fact]
    public async Task Conditions_and_digests_are_kept()
    {
        var (blobs, _) = NewContainer();
        var etag = (await blobs.PutBlob("data/a", "one")).Header("ETag")!;
        (await blobs.PutBlob("data/a", "two", ("If-None-Match", "*"))).Problem.ShouldBe("409 BlobAlreadyExists");
        (await blobs.PutBlob("data/a", "two", ("If-Match", "\"0x1\""))).Problem.ShouldBe("412 ConditionNotMet");
        (await blobs.PutBlob("data/none", "two", ("If-Match", etag))).Problem.ShouldBe("412 ConditionNotMet");
        (await blobs.Get("data/a", ("If-None-Match", etag))).Status.ShouldBe(304);
        (await blobs.PutBlob("data/a", "two", ("If-Match", etag))).Expect(201).Header("ETag").ShouldNotBe(etag);
        (await blobs.PutBlob("data/a", "three",
            ("Content-MD5", Convert.ToBase64String(MD5.HashData("other"u8))))).Problem.ShouldBe("400 Md5Mismatch");
        (await blobs.PutBlob("data/a", "123456789", ("x-ms-content-crc64", "AAAAAAAAAAA="))).Problem
            .ShouldBe("400 Crc64Mismatch");
        (await blobs.PutBlob("data/a", "123456789",
            ("x-ms-content-crc64", Convert.ToBase64String(BitConverter.GetBytes(0xAE8B14860A799888))))).Expect(201);
        (await blobs.Delete("data/a", ("If-Match", etag))).Problem.ShouldBe("412 ConditionNotMet");
    }

    [Fact]
    public async Task Metadata_headers_tags_and_tiers_change_by_themselves()
    {
        var (blobs, _) = NewContainer();
        await blobs.PutBlob("data/a", "one", ("x-ms-blob-content-type", "text/plain"));
        (await blobs.Put("data/a?comp=metadata", null, ("x-ms-meta-a", "1"))).Expect(200);
        (await blobs.Put("data/a?comp=properties", null, ("x-ms-blob-content-language", "de"))).Expect(200);
        (await blobs.Put("data/a?comp=tags",
            Encoding.UTF8.GetBytes("<Tags><TagSet><Tag><Key>t</Key><Value>1</Value></Tag></TagSet></Tags>")))
                .Expect(204);
        (await blobs.Put("data/a?comp=tier", null, ("x-ms-access-tier", "Cool"))).Expect(200);
        var head = await blobs.Head("data/a");
        $"{head.Header("x-ms-meta-a")} {head.Header("Content-Type")} {head.Header("Content-Language")} {head.Header("x-ms-tag-count")} {head.Header("x-ms-access-tier")}".ShouldBe("1 application/octet-stream de 1 Cool");
        (await blobs.Put("data/a?comp=metadata", null, ("x-ms-meta-not-a-name", "1"))).Problem
            .ShouldBe("400 InvalidMetadata");
        (await blobs.Put("data/a?comp=tier", null, ("x-ms-access-tier", "Archive"))).Expect(200);
        (await blobs.Get("data/a")).Problem.ShouldBe("409 BlobArchived");
        (await blobs.Head("data/a")).Expect(200);
        (await blobs.Put("data/a?comp=tier", null, ("x-ms-access-tier", "Hot"))).Expect(202);
    }

    [Fact]
    public async Task A_lease_keeps_others_from_writing()
    {
        var (blobs, _) = NewContainer();
        await blobs.PutBlob("data/a", "one");
        var id = (await blobs.Put("data/a?comp=lease", null, ("x-ms-lease-action", "acquire"),
            ("x-ms-lease-duration", "-1"))).Expect(201).Header("x-ms-lease-id")!;
        (await blobs.PutBlob("data/a", "two")).Problem.ShouldBe("412 LeaseIdMissing");
        (await blobs.PutBlob("data/a", "two", ("x-ms-lease-id", Guid.NewGuid().ToString()))).Problem
            .ShouldBe("412 LeaseIdMismatchWithBlobOperation");
        (await blobs.Delete("data/a")).Problem.ShouldBe("412 LeaseIdMissing");
        (await blobs.PutBlob("data/a", "two", ("x-ms-lease-id", id))).Expect(201);
        (await blobs.Put("data/a?comp=lease", null, ("x-ms-lease-action", "acquire"),
            ("x-ms-lease-duration", "15"))).Problem.ShouldBe("409 LeaseAlreadyPresent");
        (await blobs.Get("data/a")).Header("x-ms-lease-state").ShouldBe("leased");
        (await blobs.Put("data/a?comp=lease", null, ("x-ms-lease-action", "break"), ("x-ms-lease-break-period", "0")))
            .Expect(202);
        (await blobs.PutBlob("data/a", "three")).Expect(201);
        (await blobs.PutBlob("data/a", "four", ("x-ms-lease-id", id))).Problem
            .ShouldBe("412 LeaseNotPresentWithBlobOperation");
    }

    [Fact]
    public async Task Errors_are_documents_with_code_and_request_id()
    {
        var (blobs, account) = NewContainer();
        var error = await blobs.Get("data/none");
        error.Xml.Element("Code")!.Value.ShouldBe("BlobNotFound");
        error.Xml.Element("Message")!.Value.ShouldContain("RequestId:" + error.Header("x-ms-request-id"));
        (await blobs.Get("none/a")).Problem.ShouldBe("404 ContainerNotFound");
        (await blobs.Put("No?restype=container", null)).Problem.ShouldBe("400 InvalidResourceName");
        (await blobs.Put("data?restype=container", null)).Problem.ShouldBe("409 ContainerAlreadyExists");
        (await blobs.Put("data/a", "x"u8.ToArray())).Problem.ShouldBe("400 MissingRequiredHeader");
        (await blobs.Get("data/a", ("x-ms-version", ""))).Problem.ShouldBe("400 MissingRequiredHeader");
        (await BlobWire.Key(cloud, account).Get("data/a?restype=none&comp=none")).Status.ShouldBe(400);
    }

    private (BlobWire Blobs, string Account) NewContainer()
    {
        var account = cloud.Name("account");
        cloud.Admin.CreateAccount(account);
        cloud.Admin.CreateContainer(account, "data");
        return (BlobWire.Key(cloud, account), account);
    }
}
