using Cloud.Aws;
using Cloud.Keys;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Verdicts;

/// <summary>A denial that names no side is tried on the platform's own control key.</summary>
public sealed class ControlProbeTests(KmsStand stand) : IClassFixture<KmsStand>, IDisposable
{
    private const string EverythingButKms =
        """{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"kms:*","Resource":"*"}]}""";

    public void Dispose()
    {
        stand.Admin.ClearFaults();
        stand.Admin.SetServiceControlPolicy(LocalCloudAccounts.Platform, null);
    }

    [Fact]
    public async Task A_denial_that_names_no_side_is_the_tenants_will_where_the_control_key_answers()
    {
        var (key, canary) = await stand.ProvedAsync();
        Deny(key.Id);

        var proof = await ProveAsync(stand.With, key, canary);

        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Revoked, "AccessDenied"), proof.Message);
        proof.MissingActions.ShouldContain("kms:Decrypt");
    }

    [Fact]
    public async Task A_denial_that_names_no_side_is_the_platforms_where_the_control_key_is_denied_too()
    {
        var (key, canary) = await stand.ProvedAsync();
        Deny(key.Id);
        Deny(stand.ControlKey);

        var proof = await ProveAsync(stand.With, key, canary);

        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Unknown, "OwnCredentials"), proof.Message);
        proof.MissingActions.ShouldBeEmpty();
        proof.Message.ShouldContain("control key");
    }

    [Fact]
    public async Task A_denial_that_names_no_side_is_nobodys_while_the_control_key_gives_no_answer_of_its_own()
    {
        var (key, canary) = await stand.ProvedAsync();
        Deny(key.Id);
        stand.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle()) { Service = "kms", KeyPrefix = stand.ControlKey });

        var proof = await ProveAsync(stand.With, key, canary);

        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Unknown, "DenialUnattributed"), proof.Message);
    }

    [Fact]
    public async Task Without_a_control_key_a_denial_that_names_no_side_is_nobodys_and_the_message_says_what_to_set()
    {
        var (key, canary) = await stand.ProvedAsync();
        Deny(key.Id);

        var proof = await ProveAsync(stand.Without, key, canary);

        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Unknown, "DenialUnattributed"));
        proof.Message.ShouldContain("--aws-control-keys");
    }

    [Theory]
    [InlineData("identity-based policy")]
    [InlineData("permissions boundary")]
    [InlineData("session policy")]
    [InlineData("VPC endpoint policy")]
    [InlineData("service control policy")]
    public async Task A_policy_of_the_platforms_own_that_denies_is_told_as_that_and_the_tenant_is_told_nothing(
        string kind)
    {
        var (key, canary) = await stand.ProvedAsync();
        Limit(kind, EverythingButKms);
        try
        {
            var proof = await ProveAsync(stand.Without, key, canary);

            (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Unknown, "OwnCredentials"), proof.Message);
            proof.Message.ShouldContain(kind);
            proof.MissingActions.ShouldBeEmpty();
        }
        finally
        {
            Limit(kind, null);
        }
    }

    [Fact]
    public async Task A_policy_changed_right_after_a_grant_of_ours_is_the_tenants_will_at_once()
    {
        var (key, canary) = await stand.ProvedAsync();
        var ours = stand.Admin.CreateKey(LocalCloudAccounts.Platform, KmsStand.Region);
        await stand.Without.Keys.EnsureGrantAsync(new KeyRef(KmsStand.Region, ours) { IsOurs = true },
            new GrantSpec("byok-x", LocalCloudAccounts.WorkloadRole), CancellationToken.None);
        stand.Admin.SetKeyPolicy(key.Id,
            $$"""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{LocalCloudAccounts.Tenant}}:root"},"Action":"kms:*","Resource":"*"}]}""");

        var proof = await ProveAsync(stand.Without, key, canary);

        (proof.Verdict, proof.Reason).ShouldBe((KeyVerdict.Revoked, "AccessDenied"), proof.Message);
    }

    [Fact]
    public async Task Denials_by_the_hundred_take_a_few_uses_of_the_control_key()
    {
        var (key, canary) = await stand.ProvedAsync();
        Deny(key.Id);
        using var cloud = stand.Cloud(new Dictionary<string, string> { [KmsStand.Region] = stand.ControlKey });
        stand.Admin.ResetCalls();

        var proofs =
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => ProveAsync(cloud, key, canary))));

        proofs.ShouldAllBe(proof => proof.Verdict == KeyVerdict.Revoked);
        stand.Admin.Calls()
            .Count(call => call.Key == stand.ControlKey && call.Operation == "GenerateDataKeyWithoutPlaintext")
            .ShouldBeLessThan(40);
    }

    [Fact]
    public async Task An_answer_of_the_control_key_holds_for_no_denial_that_came_after_it_was_asked()
    {
        var (key, canary) = await stand.ProvedAsync();
        Deny(key.Id);
        (await ProveAsync(stand.With, key, canary)).Verdict.ShouldBe(KeyVerdict.Revoked);

        Deny(stand.ControlKey);

        (await ProveAsync(stand.With, key, canary)).Reason.ShouldBe("OwnCredentials");
    }

    private static Task<KeyProof> ProveAsync(AwsCloud cloud, KeyRef key, Canary canary) =>
        cloud.Keys.ProveAsync(key, KmsStand.Context, canary, CancellationToken.None);

    /// <summary>Without a word of why, as KMS may.</summary>
    private void Deny(string arn) =>
        stand.Admin.AddFault(new FaultRule(new FaultEffect.Deny()) { Service = "kms", KeyPrefix = arn });

    private void Limit(string kind, string? policy)
    {
        switch (kind)
        {
            case "identity-based policy":
                stand.Admin.SetIdentityPolicy(LocalCloudAccounts.OperatorAccessKey, policy).ShouldBeTrue();
                break;
            case "service control policy":
                stand.Admin.SetServiceControlPolicy(LocalCloudAccounts.Platform, policy);
                break;
            default:
                stand.Admin.SetLimit(LocalCloudAccounts.OperatorAccessKey, kind, policy).ShouldBeTrue();
                break;
        }
    }
}
