using Cloud.Keys;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Keys;

/// <summary>The probe over the real SDK, with KMS's answers scripted.</summary>
public sealed class KeyProbeTests
{
    private const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static readonly KeyRef Key = new("eu-west-1", Arn);
    private static readonly Dictionary<string, string> Context = new() { ["tenant"] = "acme" };
    private static readonly Canary Stored = new(Arn, "m1", new byte[] { 1, 2, 3 }, Context);

    [Fact]
    public async Task A_first_proof_makes_a_canary_and_decrypts_it()
    {
        var wire = new ScriptedWire(Kms);
        var proof = await ProveAsync(wire, null);
        proof.Verdict.ShouldBe(KeyVerdict.Usable);
        proof.Reason.ShouldBe("Proved");
        proof.Canary!.Ciphertext.ToArray().ShouldBe([1, 2, 3]);
        proof.Canary.MaterialId.ShouldBe("m1");
        wire.Requests.Select(request => request.Target).ShouldBe(["GenerateDataKeyWithoutPlaintext", "Decrypt"]);
        wire.Requests.ShouldAllBe(request =>
            request.Body.Contains("\"tenant\":\"acme\"") && request.Body.Contains(Arn));
        proof.Evidence.Select(call => (call.Operation, call.Outcome, call.RequestId))
            .ShouldBe([("kms:GenerateDataKeyWithoutPlaintext", "OK", "REQ1"), ("kms:Decrypt", "OK", "REQ1")]);
    }

    [Fact]
    public async Task A_later_proof_decrypts_the_stored_canary_and_keeps_it()
    {
        var wire = new ScriptedWire(Kms);
        var proof = await ProveAsync(wire, Stored);
        proof.Verdict.ShouldBe(KeyVerdict.Usable);
        proof.Canary.ShouldBeSameAs(Stored);
        wire.Requests.Select(request => request.Target).ShouldBe(["Decrypt", "GenerateDataKeyWithoutPlaintext"]);
    }

    [Fact]
    public async Task A_key_that_can_no_longer_encrypt_is_not_usable()
    {
        var wire = new ScriptedWire(request =>
            request.Target == "GenerateDataKeyWithoutPlaintext" ? ScriptedWire.KmsError("DisabledException")
                : Kms(request));
        (await ProveAsync(wire, Stored)).Verdict.ShouldBe(KeyVerdict.Revoked);
    }

    [Fact]
    public async Task Another_key_behind_the_same_name_is_replaced_not_usable()
    {
        var wire = new ScriptedWire(request =>
            request.Target == "Decrypt" ? ScriptedWire.KmsError("InvalidCiphertextException") : Kms(request));
        var proof = await ProveAsync(wire, Stored);
        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Revoked, "KeyReplaced"));
        proof.Canary.ShouldBeSameAs(Stored);
    }

    [Fact]
    public async Task One_denial_is_looked_at_twice()
    {
        var asked = 0;
        var wire = new ScriptedWire(request =>
            Interlocked.Increment(ref asked) == 1 ? ScriptedWire.KmsError("AccessDeniedException") : Kms(request));
        (await ProveAsync(wire, Stored)).Verdict.ShouldBe(KeyVerdict.Usable);
    }

    [Fact]
    public async Task A_denial_seen_twice_is_revoked_and_names_each_missing_action()
    {
        var wire = new ScriptedWire(request => request.Target is "Decrypt" or "DescribeKey"
            ? ScriptedWire.KmsError("AccessDeniedException", "because no resource-based policy allows the kms action")
            : Kms(request));
        var proof = await ProveAsync(wire, Stored);
        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Revoked, "AccessDenied"));
        proof.MissingActions.ShouldBe(["kms:DescribeKey", "kms:Decrypt"]);
        proof.Message.ShouldContain("kms:DescribeKey, kms:Decrypt");
        proof.Message.ShouldContain("arn:aws:iam::111111111111:role/byok-operator");
    }

    [Theory]
    [InlineData("ThrottlingException", "Throttled")]
    [InlineData("KMSInternalException", "Unreachable")]
    [InlineData("ExpiredTokenException", "OwnCredentials")]
    public async Task What_kept_us_from_asking_is_unknown(string code, string reason)
    {
        var proof = await ProveAsync(new ScriptedWire(_ => ScriptedWire.KmsError(code)), Stored);
        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Unknown, reason));
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_once()
    {
        var asked = 0;
        var wire = new ScriptedWire(request =>
            Interlocked.Increment(ref asked) == 1 ? ScriptedWire.KmsError("KMSInternalException", status: 500)
                : Kms(request));
        (await ProveAsync(wire, Stored)).Verdict.ShouldBe(KeyVerdict.Usable);
        asked.ShouldBe(3);
    }

    [Fact]
    public async Task A_service_that_never_answers_is_unknown_in_bounded_time()
    {
        var wire = new ScriptedWire(_ => throw new HttpRequestException("connection refused"));
        var proof = await ProveAsync(wire, Stored);
        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Unknown, "Unreachable"));
        wire.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_verdict()
    {
        using var stop = new CancellationTokenSource();
        var wire = new ScriptedWire(request =>
        {
            stop.Cancel();
            throw new HttpRequestException("cut");
        });
        using var cloud = wire.Cloud();
        await Should.ThrowAsync<OperationCanceledException>(() =>
            cloud.Keys.ProveAsync(Key, Context, Stored, stop.Token));
    }

    private static HttpResponseMessage Kms(WireRequest request) => request.Target switch
    {
        "GenerateDataKeyWithoutPlaintext" =>
            ScriptedWire.Json(200, $$"""{"CiphertextBlob":"AQID","KeyId":"{{Arn}}","KeyMaterialId":"m1"}"""),
        "Decrypt" => ScriptedWire.Json(200, $$"""{"Plaintext":"AAECAwQ=","KeyId":"{{Arn}}"}"""),
        "DescribeKey" =>
            ScriptedWire.Json(200, $$"""{"KeyMetadata":{"Arn":"{{Arn}}","KeyId":"x","KeyState":"Enabled" } }"""),
        "ListGrants" => ScriptedWire.Json(200, """{"Grants":[],"Truncated":false}"""),
        "CreateGrant"
            when request.Body.Contains("\"DryRun\":true") => ScriptedWire.KmsError("DryRunOperationException"),
        "CreateGrant" => ScriptedWire.Json(200, """{"GrantId":"g1","GrantToken":"t"}"""),
        "RevokeGrant" => ScriptedWire.KmsError("DryRunOperationException"),
        _ => throw new InvalidOperationException(request.Target),
    };

    private static async Task<KeyProof> ProveAsync(ScriptedWire wire, Canary? stored)
    {
        using var cloud = wire.Cloud();
        return await cloud.Keys.ProveAsync(Key, Context, stored, CancellationToken.None);
    }
}
