using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Objects;

/// <summary>S3's answers that lie, and what each request of ours says, over the real SDK.</summary>
public sealed class S3WireTests
{
    private const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static readonly KeyRef Key = new("eu-west-1", Arn);
    private static readonly StoreRef Source = new("eu-west-1", "shared");
    private static readonly StoreRef Target = new("eu-west-1", "acme");

    private static readonly ObjectVersion Version =
        new("acme/a b+ü.txt", "v1", "e1", 3, DateTimeOffset.UnixEpoch, false, true, "STANDARD_IA");

    [Fact]
    public async Task A_copy_says_everything_in_one_request()
    {
        var wire = new ScriptedWire(_ => Copied(Arn));
        using var cloud = wire.Cloud();
        var result = await cloud.Objects.CopyAsync(new CopyOrder(Source, Version, Target, "x", Key, BucketKey: false),
            CancellationToken.None);
        result.ShouldBe(new CopyResult("t1", "e2", Arn, new Checksum("SHA256", "abc=", true)));
        var sent = wire.Requests.Single();
        Uri.UnescapeDataString(sent.Headers["x-amz-copy-source"]).TrimStart('/')
            .ShouldBe("shared/acme/a b+ü.txt?versionId=v1");
        sent.Headers["x-amz-copy-source-if-match"].ShouldBe("\"e1\"");
        sent.Headers["x-amz-server-side-encryption"].ShouldBe("aws:kms");
        sent.Headers["x-amz-server-side-encryption-aws-kms-key-id"].ShouldBe(Arn);
        sent.Headers["x-amz-server-side-encryption-bucket-key-enabled"]
            .ShouldBe("false", StringComparer.OrdinalIgnoreCase);
        sent.Headers["x-amz-metadata-directive"].ShouldBe("COPY");
        sent.Headers["x-amz-tagging-directive"].ShouldBe("COPY");
        sent.Headers["x-amz-storage-class"].ShouldBe("STANDARD_IA");
        sent.Headers["x-amz-checksum-algorithm"].ShouldBe("SHA256");
    }

    [Fact]
    public async Task A_200_with_an_error_in_its_body_is_no_copy()
    {
        var answers = 0;
        var wire = new ScriptedWire(_ => Interlocked.Increment(ref answers) == 1
            ? ScriptedWire.Xml(200,
                "<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>We erred</Message></Error>")
            : Copied(Arn));
        using var cloud = wire.Cloud();
        var result = await cloud.Objects.CopyAsync(new CopyOrder(Source, Version, Target, "x", Key, false),
            CancellationToken.None);
        result.ETag.ShouldBe("e2");
        answers.ShouldBe(2);
    }

    [Fact]
    public async Task A_copy_under_another_key_is_removed_and_has_failed()
    {
        var wire =
            new ScriptedWire(request => request.Method == "DELETE" ? ScriptedWire.Xml(204, "") : Copied("arn:other"));
        using var cloud = wire.Cloud();
        var failure = await Should.ThrowAsync<CloudException>(
            () =>
                cloud.Objects.CopyAsync(new CopyOrder(Source, Version, Target, "x", Key, false),
                    CancellationToken.None));
        failure.Problem.Code.ShouldBe("WrittenUnderAnotherKey");
        var removed = wire.Requests.Last();
        (removed.Method, removed.Uri.PathAndQuery).ShouldBe(("DELETE", "/acme/x?versionId=t1"));
    }

    [Fact]
    public async Task Where_versions_are_kept_no_more_a_copy_under_another_key_is_removed_only_while_it_stands_there()
    {
        var wire = new ScriptedWire(request =>
            request.Method == "DELETE" ? ScriptedWire.Xml(204, "") : Copied("arn:other", version: "null"));
        using var cloud = wire.Cloud();
        await Should.ThrowAsync<CloudException>(() =>
            cloud.Objects.CopyAsync(new CopyOrder(Source, Version, Target, "x", Key, false), CancellationToken.None));
        wire.Requests.Last().Headers
            .Single(header => header.Key.Equals("If-Match", StringComparison.OrdinalIgnoreCase)).Value
            .ShouldBe("\"e2\"");
    }

    [Fact]
    public async Task A_copy_whose_answer_names_no_key_is_asked_and_removed_when_it_is_plain()
    {
        var wire = new ScriptedWire(request =>
            request.Method == "PUT" ? Copied(null) : ScriptedWire.Xml(request.Method == "HEAD" ? 200 : 204, ""));
        using var cloud = wire.Cloud();
        await Should.ThrowAsync<CloudException>(
            () =>
                cloud.Objects.CopyAsync(new CopyOrder(Source, Version, Target, "x", Key, false),
                    CancellationToken.None));
        wire.Requests.Select(request => request.Method).ShouldBe(["PUT", "HEAD", "DELETE"]);
    }

    [Fact]
    public async Task A_copy_that_goes_back_under_the_store_s_own_encryption_says_so_and_is_proved_by_the_answer()
    {
        var wire = new ScriptedWire(_ => CopiedBy(null, "AES256"));
        using var cloud = wire.Cloud();
        var result = await cloud.Objects.CopyAsync(
            new CopyOrder(Source, Version, Target, "x", Key with { Id = KeyRef.StoreManaged }, BucketKey: true),
            CancellationToken.None);
        result.KeyId.ShouldBe(KeyRef.StoreManaged);
        var sent = wire.Requests.Single();
        sent.Headers["x-amz-server-side-encryption"].ShouldBe("AES256");
        sent.Headers.ShouldNotContainKey("x-amz-server-side-encryption-aws-kms-key-id");
        sent.Headers.ShouldNotContainKey("x-amz-server-side-encryption-bucket-key-enabled");
    }

    [Theory]
    [InlineData(Arn, "aws:kms")]
    [InlineData(null, null)]
    public async Task A_copy_that_was_to_go_back_under_it_and_did_not_is_removed(string? key, string? method)
    {
        var wire = new ScriptedWire(request =>
            request.Method == "PUT" ? CopiedBy(key, method)
                : ScriptedWire.Xml(request.Method == "HEAD" ? 200 : 204, ""));
        using var cloud = wire.Cloud();
        await Should.ThrowAsync<CloudException>(
            () =>
                cloud.Objects.CopyAsync(
                    new CopyOrder(Source, Version, Target, "x", Key with { Id = KeyRef.StoreManaged }, false),
                    CancellationToken.None));
        wire.Requests.Last().Method.ShouldBe("DELETE");
    }

    [Fact]
    public async Task A_copy_under_the_store_s_own_encryption_is_none_under_the_tenant_s_key()
    {
        var wire = new ScriptedWire(request =>
            request.Method == "PUT" ? CopiedBy(null, "AES256")
                : ScriptedWire.Xml(request.Method == "HEAD" ? 200 : 204, ""));
        using var cloud = wire.Cloud();
        await Should.ThrowAsync<CloudException>(() =>
            cloud.Objects.CopyAsync(new CopyOrder(Source, Version, Target, "x", Key, false), CancellationToken.None));
    }

    [Fact]
    public async Task A_deletion_that_is_refused_for_one_entry_has_failed()
    {
        var wire = new ScriptedWire(_ => ScriptedWire.Xml(
            200,
            "<DeleteResult><Error><Key>a</Key><Code>NoSuchKey</Code></Error><Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"));
        using var cloud = wire.Cloud();
        var failure = await Should.ThrowAsync<CloudException>(() =>
            cloud.Objects.DeleteVersionsAsync(Source, [Version, Version], CancellationToken.None));
        failure.Problem.ShouldBeOfType<CloudProblem.Forbidden>();
        failure.Message.ShouldContain("'b'");
    }

    [Fact]
    public async Task Deletions_go_out_by_the_thousand_with_the_etag_where_there_is_no_version()
    {
        var wire = new ScriptedWire(_ => ScriptedWire.Xml(200, "<DeleteResult/>"));
        using var cloud = wire.Cloud();
        var plain = Version with { VersionId = null };
        await cloud.Objects.DeleteVersionsAsync(Source, [.. Enumerable.Repeat(Version, 1000), plain],
            CancellationToken.None);
        wire.Requests.Count.ShouldBe(2);
        wire.Requests.First().Body.ShouldNotContain("ETag");
        wire.Requests.Last().Body.ShouldContain("e1");
        wire.Requests.Last().Body.ShouldNotContain("VersionId");
    }

    [Theory]
    [InlineData("null", true, true)]
    [InlineData("null", false, false)]
    [InlineData("v1", true, false)]
    public async Task The_null_version_is_deleted_on_the_condition_that_it_is_the_one_listed_where_S3_can_tell(
        string version, bool isLatest, bool isConditional)
    {
        var wire = new ScriptedWire(_ => ScriptedWire.Xml(200, "<DeleteResult/>"));
        using var cloud = wire.Cloud();
        await cloud.Objects.DeleteVersionsAsync(Source,
            [Version with { VersionId = version, IsLatest = isLatest },
                Version with { Key = "\u0001", VersionId = version, IsLatest = isLatest }], CancellationToken.None);
        var (bulk, single) = (wire.Requests.Single(request => request.Method == "POST"),
            wire.Requests.Single(request => request.Method == "DELETE"));
        bulk.Body.ShouldContain($"<VersionId>{version}</VersionId>");
        bulk.Body.Contains("<ETag>", StringComparison.Ordinal).ShouldBe(isConditional);
        single.Headers.Keys.Contains("If-Match", StringComparer.OrdinalIgnoreCase).ShouldBe(isConditional);
    }

    [Fact]
    public async Task A_listing_is_paged_and_its_keys_decoded()
    {
        var wire = new ScriptedWire(request => ScriptedWire.Xml(200, request.Asks("version-id-marker")
            ? Page(false,
                "<DeleteMarker><Key>b%25</Key><VersionId>null</VersionId><IsLatest>true</IsLatest><LastModified>2026-01-01T00:00:00.000Z</LastModified></DeleteMarker>")
            : Page(true, """
                <Version><Key>a+%01%C3%BC</Key><VersionId>null</VersionId><IsLatest>true</IsLatest><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"e1"</ETag><Size>7</Size><StorageClass>STANDARD</StorageClass><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm></Version>
                <NextKeyMarker>a+%01%C3%BC</NextKeyMarker><NextVersionIdMarker>null</NextVersionIdMarker>
                """)));
        using var cloud = wire.Cloud();
        var versions = new List<ObjectVersion>();
        await foreach (var version in cloud.Objects.ListVersionsAsync(Source, "a", "Z", CancellationToken.None))
        {
            versions.Add(version);
        }

        var when = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        versions.ShouldBe(
        [
            new ObjectVersion("a \u0001ü", null, "e1", 7, when, false, true, "STANDARD", "CRC64NVME"),
            new ObjectVersion("b%", "null", "", 0, when, true, true, null),
        ]);
        wire.Requests.First().Uri.Query.ShouldContain("key-marker=Z");
        Uri.UnescapeDataString(wire.Requests.Last().Uri.Query).ShouldContain("key-marker=a \u0001ü");
    }

    [Fact]
    public async Task A_listing_that_does_not_move_on_is_an_error_not_a_loop()
    {
        var wire = new ScriptedWire(_ => ScriptedWire.Xml(200, Page(true, "")));
        using var cloud = wire.Cloud();
        await Should.ThrowAsync<CloudException>(async () =>
        {
            await foreach (var _ in cloud.Objects.ListVersionsAsync(Source, "a", null, CancellationToken.None))
            {
            }
        });
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("%F0%9F%98%80", "%EF%BC%88x")]
    public async Task A_listing_out_of_order_is_refused_and_not_asked_for_again(string first, string second)
    {
        var wire =
            new ScriptedWire(_ => ScriptedWire.Xml(200, Page(false, string.Concat(new[] { first, second }.Select(key =>
                $"<Version><Key>{key}</Key><VersionId>null</VersionId><IsLatest>true</IsLatest><LastModified>2026-01-01T00:00:00.000Z</LastModified><Size>7</Size></Version>")))));
        using var cloud = wire.Cloud();
        var failure = await Should.ThrowAsync<CloudException>(async () =>
        {
            await foreach (var _ in cloud.Objects.ListVersionsAsync(Source, "", null, CancellationToken.None))
            {
            }
        });
        failure.Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe(CloudProblem.ListingUnordered);
        failure.Message.ShouldContain($"'{Uri.UnescapeDataString(second)}' after '{Uri.UnescapeDataString(first)}'");
        wire.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("*none*", null, "*")]
    [InlineData("e9", "\"e9\"", null)]
    public async Task A_mark_is_written_under_its_condition(string? condition, string? ifMatch, string? ifNoneMatch)
    {
        var wire = new ScriptedWire(_ => Written(Arn));
        using var cloud = wire.Cloud();
        (await cloud.Objects.WriteMarkAsync(Target, ".byok/receipt", "{}"u8.ToArray(), Key, condition,
            CancellationToken.None)).ShouldBe("e2");
        var sent = wire.Requests.Single();
        sent.Headers.GetValueOrDefault("If-Match").ShouldBe(ifMatch);
        sent.Headers.GetValueOrDefault("If-None-Match").ShouldBe(ifNoneMatch);
        sent.Headers["x-amz-server-side-encryption-aws-kms-key-id"].ShouldBe(Arn);
        sent.Body.ShouldBe("{}");
    }

    [Fact]
    public async Task A_mark_that_is_not_there_is_null_but_a_missing_bucket_is_an_error()
    {
        using var missing = new ScriptedWire(_ => ScriptedWire.S3Error(404, "NoSuchKey")).Cloud();
        (await missing.Objects.ReadMarkAsync(Target, "m", CancellationToken.None)).ShouldBeNull();
        using var gone = new ScriptedWire(_ => ScriptedWire.S3Error(404, "NoSuchBucket")).Cloud();
        await Should.ThrowAsync<CloudException>(() => gone.Objects.ReadMarkAsync(Target, "m", CancellationToken.None));
    }

    [Fact]
    public async Task A_hash_is_of_all_bytes_or_of_none()
    {
        var wire = new ScriptedWire(_ => ScriptedWire.Xml(200, "abc"));
        using var cloud = wire.Cloud();
        (await cloud.Objects.HashAsync(Source, "k", null, CancellationToken.None))
            .ShouldBe(System.Security.Cryptography.SHA256.HashData("abc"u8));
    }

    private static string Page(bool truncated, string entries) =>
        $"<ListVersionsResult><Name>shared</Name><EncodingType>url</EncodingType><IsTruncated>{(truncated ? "true" : "false")}</IsTruncated>{entries}</ListVersionsResult>";

    private static HttpResponseMessage CopiedBy(string? key, string? method)
    {
        var answer = Copied(key);
        if (method is not null)
        {
            _ = answer.Headers.Remove("x-amz-server-side-encryption");
            answer.Headers.Add("x-amz-server-side-encryption", method);
        }

        return answer;
    }

    private static HttpResponseMessage Copied(string? key, string version = "t1")
    {
        var answer = ScriptedWire.Xml(200,
            "<CopyObjectResult><ETag>\"e2\"</ETag><ChecksumSHA256>abc=</ChecksumSHA256><ChecksumType>FULL_OBJECT</ChecksumType></CopyObjectResult>");
        answer.Headers.Add("x-amz-version-id", version);
        return key is null ? answer : Under(answer, key);
    }

    private static HttpResponseMessage Written(string key)
    {
        var answer = ScriptedWire.Xml(200, "");
        answer.Headers.TryAddWithoutValidation("ETag", "\"e2\"");
        return Under(answer, key);
    }

    private static HttpResponseMessage Under(HttpResponseMessage answer, string key)
    {
        answer.Headers.Add("x-amz-server-side-encryption", "aws:kms");
        answer.Headers.Add("x-amz-server-side-encryption-aws-kms-key-id", key);
        return answer;
    }
}
