using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Objects;

/// <summary>What is said when an object changes its key where it stands,
/// and what comes of a server that does something else.</summary>
public sealed class KeyChangeWireTests
{
    private const string Own = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string Other = "arn:aws:kms:eu-west-1:111111111111:key/5678abcd-12ab-34cd-56ef-1234567890ab";
    private static readonly StoreRef Store = new("eu-west-1", "acme");
    private static readonly ObjectVersion Version =
        new("a", null, "e1", 3, DateTimeOffset.UnixEpoch, false, true, "STANDARD");
    private static readonly CancellationToken None = CancellationToken.None;

    private static CopyOrder Onto =>
        new(Store, Version, Store, Version.Key, new KeyRef("eu-west-1", Other), BucketKey: false);

    [Fact]
    public async Task A_copy_onto_itself_is_bound_to_the_source_and_to_what_stands_there()
    {
        var wire = new ScriptedWire(_ => Copied(Other));
        using var cloud = wire.Cloud();
        (await cloud.Objects.CopyAsync(Onto, None)).KeyId.ShouldBe(Other);
        var sent = wire.Requests.Single();
        (sent.Headers["x-amz-copy-source-if-match"], sent.Headers["If-Match"]).ShouldBe(("\"e1\"", "\"e1\""));
    }

    [Fact]
    public async Task A_copy_elsewhere_is_bound_to_the_source_alone()
    {
        var wire = new ScriptedWire(_ => Copied(Other));
        using var cloud = wire.Cloud();
        await cloud.Objects.CopyAsync(Onto with { TargetKey = "b" }, None);
        wire.Requests.Single().Headers.ShouldNotContainKey("If-Match");
    }

    [Fact]
    public async Task A_copy_onto_itself_by_parts_is_bound_to_what_stands_there_when_it_completes()
    {
        var wire = new ScriptedWire(request => request switch
        {
            { Method: "HEAD" } => Headed(),
            { Method: "GET" } => ScriptedWire.Xml(200, "<Tagging><TagSet></TagSet></Tagging>"),
            { Method: "PUT" } => ScriptedWire.Xml(200, "<CopyPartResult><ETag>\"p1\"</ETag></CopyPartResult>"),
            _
                when request.Uri.Query.Contains("uploads", StringComparison.Ordinal) =>
                    ScriptedWire.Xml(200,
                        "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"),
            _ => ScriptedWire.Xml(412, "<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>"),
        });
        using var cloud = wire.Cloud(change: options => options with { MultipartAbove = 1 });
        (await Should.ThrowAsync<CloudException>(() => cloud.Objects.CopyAsync(Onto, None))).Problem
            .ShouldBeOfType<CloudProblem.Conflict>();
        wire.Requests.Single(request =>
            request.Method == "POST"
                && request.Uri.Query.Contains("uploadId", StringComparison.Ordinal)).Headers["If-Match"]
                    .ShouldBe("\"e1\"");
        wire.Requests.Last().Method.ShouldBe("DELETE", "the upload is aborted");
    }

    [Fact]
    public async Task What_was_written_over_itself_under_another_key_has_failed_and_stays()
    {
        var wire = new ScriptedWire(_ => Copied("arn:other"));
        using var cloud = wire.Cloud();
        (await Should.ThrowAsync<CloudException>(() => cloud.Objects.CopyAsync(Onto, None))).Problem.Code
            .ShouldBe("WrittenUnderAnotherKey");
        wire.Requests.ShouldAllBe(request => request.Method != "DELETE");
    }

    [Fact]
    public async Task A_server_that_takes_the_change_for_a_write_is_found_out_on_an_object_of_the_operators_own()
    {
        var wire = new ScriptedWire(request => request switch
        {
            { Method: "PUT" } => Etagged(ScriptedWire.Xml(200, ""), "e1"),
            { Method: "GET" } => UnderOwn(Etagged(ScriptedWire.Xml(200, "<ObjectEncryption/>"), "e2")),
            _ => ScriptedWire.Xml(204, ""),
        });
        using var cloud = wire.Cloud();
        var said = await cloud.ObjectEncryption.TryUpdateAsync(Store, new KeyRef("eu-west-1", Own),
            new KeyRef("eu-west-1", Other), None);
        said.ShouldBeOfType<UpdateSupport.Refused>().Code.ShouldBe("NotServed");
        wire.Requests.ShouldAllBe(request => request.Uri.AbsolutePath == "/acme/.byok/encryption-trial");
        wire.Requests.Last().Method.ShouldBe("DELETE");
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_change_refuses_the_trial()
    {
        var wire = new ScriptedWire(request => request switch
        {
            { Method: "PUT" }
                when request.Uri.Query.Length > 0 =>
                    ScriptedWire.Xml(400, "<Error><Code>MethodNotAllowed</Code><Message>no</Message></Error>"),
            { Method: "PUT" } => Etagged(ScriptedWire.Xml(200, ""), "e1"),
            _ => ScriptedWire.Xml(204, ""),
        });
        using var cloud = wire.Cloud();
        var said = await cloud.ObjectEncryption.TryUpdateAsync(Store, new KeyRef("eu-west-1", Own),
            new KeyRef("eu-west-1", Other), None);
        said.ShouldBeOfType<UpdateSupport.Refused>().Code.ShouldBe("MethodNotAllowed");
    }

    [Fact]
    public async Task A_listing_of_uploads_that_does_not_go_on_is_no_listing()
    {
        var wire = new ScriptedWire(_ =>
            ScriptedWire.Xml(200,
                "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated></ListMultipartUploadsResult>"));
        using var cloud = wire.Cloud();
        (await Should.ThrowAsync<CloudException>(async () =>
            await cloud.ObjectEncryption.ListUploadsAsync(Store, "", None)
                .CountAsync())).Problem.Code.ShouldBe("ListStuck");
    }

    private static HttpResponseMessage Copied(string keyId)
    {
        var answer = ScriptedWire.Xml(200, "<CopyObjectResult><ETag>\"e2\"</ETag></CopyObjectResult>");
        answer.Headers.Add("x-amz-server-side-encryption-aws-kms-key-id", keyId);
        return answer;
    }

    private static HttpResponseMessage UnderOwn(HttpResponseMessage answer)
    {
        answer.Headers.Add("x-amz-server-side-encryption", "aws:kms");
        answer.Headers.Add("x-amz-server-side-encryption-aws-kms-key-id", Own);
        return answer;
    }

    private static HttpResponseMessage Headed()
    {
        var answer = Etagged(ScriptedWire.Xml(200, ""), "e1");
        answer.Content.Headers.ContentLength = 3;
        return answer;
    }

    private static HttpResponseMessage Etagged(HttpResponseMessage answer, string etag)
    {
        answer.Headers.TryAddWithoutValidation("ETag", $"\"{etag}\"");
        return answer;
    }
}
