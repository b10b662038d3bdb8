using System.Security.Cryptography;
using Azure.Core;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Blob;

public sealed class CopyTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    [Fact]
    public async Task A_blob_is_put_from_another_accounts_URL_with_all_it_carries()
    {
        var (from, to, blobs) = await Two();
        await BlobWire.Key(cloud, from)
            .PutBlob("data/a", "hello", ("x-ms-blob-content-type", "text/plain"), ("x-ms-meta-a", "1"),
                ("x-ms-tags", "k=v"));
        (await FromUrl(blobs, "data/b", cloud.Source(from, "data/a"), ("x-ms-copy-source-tag-option", "COPY"),
            ("x-ms-source-content-md5", Convert.ToBase64String(MD5.HashData("hello"u8))))).Expect(201);
        var got = await BlobWire.Key(cloud, to).Get("data/b");
        $"{got.Text} {got.Header("Content-Type")} {got.Header("x-ms-meta-a")} {got.Header("x-ms-tag-count")}".ShouldBe(
            "hello text/plain 1 1");
        (await FromUrl(blobs, "data/c", cloud.Source(from, "data/a"), ("x-ms-meta-b", "2"),
            ("x-ms-copy-source-blob-properties", "false"))).Expect(201);
        var other = await blobs.Get("data/c");
        $"{other.Header("Content-Type")} {other.Header("x-ms-meta-a")} {other.Header("x-ms-meta-b")} {other.Header("x-ms-tag-count")}".ShouldBe("application/octet-stream  2 ");
    }

    [Fact]
    public async Task A_large_blob_is_copied_block_by_block_without_its_bytes_coming_by()
    {
        const long Size = 3L << 30;
        const long Block = 1L << 30;
        var (from, _, blobs) = await Two();
        cloud.Admin.PutSparse(from, "data", "big", Size, seed: 7);
        var source = cloud.Source(from, "data/big");
        for (var i = 0; i < 3; i++)
        {
            (await blobs.Put($"data/big?comp=block&blockid={BlobWire.BlockId(i)}", null, ("x-ms-copy-source", source),
                ("x-ms-source-range", $"bytes={i * Block}-{((i + 1) * Block) - 1}"))).Expect(201);
        }

        (await blobs.Commit("data/big", [.. Enumerable.Range(0, 3).Select(BlobWire.BlockId)])).Expect(201);
        (await blobs.Head("data/big")).Header("Content-Length")
            .ShouldBe(Size.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var range = ("x-ms-range", $"bytes={(2 * Block) - 1000}-{(2 * Block) + 999}");
        (await blobs.Get("data/big", range)).Body
            .ShouldBe((await BlobWire.Key(cloud, from).Get("data/big", range)).Body);
    }

    [Fact]
    public async Task Appended_blocks_and_pages_come_from_URLs_too()
    {
        var (from, _, blobs) = await Two();
        cloud.Admin.PutSparse(from, "data", "src", 8192, seed: 3);
        var bytes = (await BlobWire.Key(cloud, from).Get("data/src")).Body;
        var source = cloud.Source(from, "data/src");
        await blobs.Put("data/log", null, ("x-ms-blob-type", "AppendBlob"));
        (await blobs.Put("data/log?comp=appendblock", null, ("x-ms-copy-source", source),
            ("x-ms-source-range", "bytes=0-99"))).Expect(201);
        (await blobs.Put("data/log?comp=appendblock", null, ("x-ms-copy-source", source),
            ("x-ms-source-range", "bytes=100-199"))).Expect(201);
        (await blobs.Get("data/log")).Body.ShouldBe(bytes[..200]);
        await blobs.Put("data/disk", null, ("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", "4096"));
        (await blobs.Put("data/disk?comp=page", null, ("x-ms-copy-source", source),
            ("x-ms-source-range", "bytes=512-1535"), ("x-ms-range", "bytes=1024-2047"),
            ("x-ms-page-write", "update"))).Expect(201);
        (await blobs.Get("data/disk", ("x-ms-range", "bytes=1024-2047"))).Body.ShouldBe(bytes[512..1536]);
    }

    [Fact]
    public async Task A_copy_in_the_background_is_pending_until_it_is_done_or_given_up()
    {
        var account = cloud.NewAccount();
        var blobs = BlobWire.Key(cloud, account);
        cloud.Admin.PutSparse(account, "data", "disk", 4096, seed: 5, kind: "PageBlob");
        cloud.Admin.CopyTime = TimeSpan.FromMinutes(10);
        var source = LocalCloudAzure.Blob(account) + "data/disk";
        var accepted = (await blobs.Put("data/copy", null, ("x-ms-copy-source", source))).Expect(202);
        var gone = (await blobs.Put("data/gone", null, ("x-ms-copy-source", source))).Expect(202);
        cloud.Admin.CopyTime = TimeSpan.Zero;
        accepted.Header("x-ms-copy-status").ShouldBe("pending");
        var pending = await blobs.Head("data/copy");
        $"{pending.Header("x-ms-copy-status")} {pending.Header("x-ms-blob-type")} {pending.Header("Content-Length")}".ShouldBe("pending PageBlob 0");
        (await blobs.Put("data/copy?comp=metadata", null, ("x-ms-meta-a", "1"))).Problem
            .ShouldBe("409 PendingCopyOperation");
        (await blobs.Put($"data/gone?comp=copy&copyid={gone.Header("x-ms-copy-id")}", null,
            ("x-ms-copy-action", "abort"))).Expect(204);
        (await blobs.Put($"data/gone?comp=copy&copyid={gone.Header("x-ms-copy-id")}", null,
            ("x-ms-copy-action", "abort"))).Problem.ShouldBe("409 NoPendingCopyOperation");
        cloud.Server.Admin.ClockOffset = TimeSpan.FromMinutes(11);
        try
        {
            var done = await blobs.Head("data/copy");
            $"{done.Header("x-ms-copy-status")} {done.Header("x-ms-copy-progress")} {done.Header("Content-Length")}".ShouldBe("success 4096/4096 4096");
            (await blobs.Get("data/copy")).Body.ShouldBe((await blobs.Get("data/disk")).Body);
            (await blobs.Head("data/gone")).Header("x-ms-copy-status").ShouldBe("aborted");
        }
        finally
        {
            cloud.Server.Admin.ClockOffset = TimeSpan.Zero;
        }
    }

    [Fact]
    public async Task A_source_is_read_with_credentials_of_its_own()
    {
        var (from, _, blobs) = await Two();
        await BlobWire.Key(cloud, from).PutBlob("data/a", "hello");
        var bare = LocalCloudAzure.Blob(from) + "data/a";
        (await FromUrl(blobs, "data/b", bare)).Problem.ShouldBe("401 CannotVerifyCopySource");
        var token = await cloud.Operator.GetTokenAsync(new TokenRequestContext(["https://storage.azure.com/.default"]),
            CancellationToken.None);
        (await FromUrl(blobs, "data/b", bare, ("x-ms-copy-source-authorization", "Bearer " + token.Token))).Expect(201);
        var wrong = await FromUrl(blobs, "data/b",
            cloud.Source(from, "data/a").Replace("sig=", "sig=A", StringComparison.Ordinal));
        $"{wrong.Problem} {wrong.Header("x-ms-copy-source-error-code")}".ShouldBe(
            "403 CannotVerifyCopySource AuthenticationFailed");
        (await FromUrl(blobs, "data/b", cloud.Source(from, "data/none"))).Problem
            .ShouldBe("404 CannotVerifyCopySource");
        (await FromUrl(blobs, "data/b", "nowhere")).Problem.ShouldBe("400 InvalidHeaderValue");
    }

    [Fact]
    public async Task Sources_have_conditions_and_digests()
    {
        var (from, _, blobs) = await Two();
        var etag = (await BlobWire.Key(cloud, from).PutBlob("data/a", "hello")).Header("ETag")!;
        (await FromUrl(blobs, "data/b", cloud.Source(from, "data/a"), ("x-ms-source-if-match", "\"0x1\""))).Problem
            .ShouldBe("412 SourceConditionNotMet");
        (await FromUrl(blobs, "data/b", cloud.Source(from, "data/a"), ("x-ms-source-if-match", etag))).Expect(201);
        (await FromUrl(blobs, "data/b", cloud.Source(from, "data/a"), ("If-None-Match", "*"))).Problem
            .ShouldBe("409 BlobAlreadyExists");
        (await FromUrl(blobs, "data/b", cloud.Source(from, "data/a"),
            ("x-ms-source-content-md5", Convert.ToBase64String(new byte[16])))).Problem.ShouldBe("400 Md5Mismatch");
    }

    [Fact]
    public async Task A_snapshot_is_a_source_and_a_copy_at_once_has_its_limit()
    {
        var (from, _, blobs) = await Two();
        var source = BlobWire.Key(cloud, from);
        await source.PutBlob("data/a", "one");
        var snapshot = Uri.EscapeDataString((await source.Put("data/a?comp=snapshot", null)).Header("x-ms-snapshot")!);
        await source.PutBlob("data/a", "two");
        (await FromUrl(blobs, "data/b", cloud.Source(from, "data/a", "snapshot=" + snapshot))).Expect(201);
        (await blobs.Get("data/b")).Text.ShouldBe("one");
        (await blobs.Put("data/c", null, ("x-ms-copy-source", cloud.Source(from, "data/a")),
            ("x-ms-requires-sync", "true"))).Expect(202).Header("x-ms-copy-status").ShouldBe("success");
        (await blobs.Get("data/c")).Text.ShouldBe("two");
        cloud.Admin.PutSparse(from, "data", "big", 257L << 20, seed: 1);
        (await blobs.Put("data/big", null, ("x-ms-copy-source", cloud.Source(from, "data/big")),
            ("x-ms-requires-sync", "true"))).Problem.ShouldBe("413 RequestBodyTooLarge");
    }

    [Fact]
    public async Task Copies_can_be_throttled_lost_and_cut()
    {
        var (from, to, blobs) = await Two();
        await BlobWire.Key(cloud, from).PutBlob("data/a", new string('x', 100_000));
        cloud.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle())
            {
                Service = "blob",
                Operation = "PutBlobFromUrl",
                Account = to,
                Count = 1,
            });
        (await FromUrl(blobs, "data/b", cloud.Source(from, "data/a"))).Problem.ShouldBe("503 ServerBusy");
        var lost = cloud.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.LoseAnswer())
            {
                Service = "blob",
                Operation = "PutBlobFromUrl",
                Account = to,
            });
        await Should.ThrowAsync<HttpRequestException>(() => FromUrl(blobs, "data/b", cloud.Source(from, "data/a")));
        cloud.Server.Admin.RemoveFault(lost);
        (await blobs.Head("data/b")).Expect(200);
        cloud.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.CutBody(10))
            {
                Service = "blob",
                Operation = "GetBlob",
                Account = to,
                Count = 1,
            });
        await Should.ThrowAsync<HttpRequestException>(() => blobs.Get("data/b"));
        cloud.Server.Admin.Count("blob", "PutBlobFromUrl").ShouldBeGreaterThanOrEqualTo(2);
    }

    private static Task<AzureAnswer> FromUrl(
        BlobWire blobs, string path, string source, params (string, string)[] headers) =>
        blobs.Put(path, null, [("x-ms-blob-type", "BlockBlob"), ("x-ms-copy-source", source), .. headers]);

    private Task<(string From, string To, BlobWire Blobs)> Two()
    {
        var (from, to) = (cloud.NewAccount(), cloud.NewAccount());
        return Task.FromResult((from, to, BlobWire.Bearer(cloud, to, cloud.Operator)));
    }
}
