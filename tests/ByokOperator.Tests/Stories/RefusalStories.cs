using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Amazon.S3;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Kube.Core;
using LocalCloud;
using Shouldly;
using Stage = Quickstart.Stage;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>Whose refusal it was, told by what becomes of the store.</summary>
public sealed class RefusalStories
{
    private const string RootAlone =
        $$"""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{LocalCloudAccounts.Tenant}}:root"},"Action":"kms:*","Resource":"*"}]}""";

    private const string NoDecrypt =
        """{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}]}""";

    [Fact]
    public async Task
        An_operator_taken_out_of_the_key_policy_leaves_no_way_in_and_a_policy_taken_away_ends_the_workloads_at_once()
    {
        await using var tenant = await Tenant.MoveInAsync();
        var bucket = await SettleAsync(tenant);
        tenant.Cloud.GrantCount(tenant.KeyArn).ShouldBe(0);
        (await RefusedDirectlyAsync(tenant)).ShouldBeTrue("the workloads' role reaches the key through S3 alone");

        tenant.Cloud.SetKeyPolicy(tenant.KeyArn, WithoutOperator(tenant));
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one", "the tenant left the workloads in");
        var closed = await tenant.UntilClosedAsync();
        closed.Status!.ClosedReason.ShouldBe("AccessDenied");
        (await tenant.ListAsync(bucket, "")).ShouldBeNull();
        (await RefusedDirectlyAsync(tenant)).ShouldBeTrue();
        Say(
            $"operator out of the key policy: {closed.Status.Availability}, {closed.Status.ClosedReason}; GET and "
                + "LIST refused, direct use by the data role refused, grants on the key: "
                + $"{tenant.Cloud.GrantCount(tenant.KeyArn)}");

        tenant.Cloud.SetKeyPolicy(tenant.KeyArn, tenant.Stage.KeyPolicy(tenant.KeyArn, Tenant.Namespace));
        await tenant.UntilReadyAsync();
        tenant.Cloud.SetKeyPolicy(tenant.KeyArn, RootAlone);
        (await Should.ThrowAsync<AmazonS3Exception>(() => tenant.ReadAsync(bucket, "acme/a.txt"))).ErrorCode
            .ShouldBe("AccessDenied", "whatever the operator does");
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("AccessDenied");
        Say(
            "the whole policy away: the next GET of a workload is refused, before the operator knows; then Closed, "
                + "AccessDenied");
    }

    [Fact]
    public async Task
        A_policy_changed_right_after_the_store_opened_closes_it_as_the_tenants_will_and_not_after_max_staleness()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await SettleAsync(tenant);

        tenant.Cloud.SetKeyPolicy(tenant.KeyArn, RootAlone);
        var begun = TimeProvider.System.GetTimestamp();
        var closed = await tenant.UntilClosedAsync();

        closed.Status!.ClosedReason.ShouldBe("AccessDenied", "and not UnknownTooLong");
        Say(
            $"policy changed within minutes of opening: {closed.Status.ClosedReason} after "
                + $"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s (probe interval 1 s, maxStaleness "
                + "60 s)");
    }

    [Theory]
    [InlineData("identity-based policy")]
    [InlineData("permissions boundary")]
    [InlineData("service control policy")]
    public async Task A_policy_of_the_platforms_own_that_denies_closes_nothing_and_is_told_as_the_platforms(string kind)
    {
        await using var tenant = await Tenant.MoveInAsync();
        var bucket = await SettleAsync(tenant, maxStaleness: "1h");

        Limit(tenant, kind, NoDecrypt);
        var key = await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Unknown");
        var usable = Conditions.Find(key.Status!.Conditions, "KeyUsable")!;
        (usable.Status, usable.Reason).ShouldBe(("Unknown", "OwnCredentials"));
        usable.Message.ShouldContain(kind);
        usable.Message.ShouldNotContain("required policy");
        Conditions.Find(key.Status.Conditions, "PolicyGranted")!.Status
            .ShouldBe("True", "the tenant has nothing to mend");
        var store = await tenant.UntilAsync(store => Tenant.Is(store, "KeyUsable", "Unknown"));
        store.Status!.Availability.ShouldBe("Open");
        (await tenant.BindingStandsAsync()).ShouldBeTrue();
        (await tenant.ListAsync(bucket, "")).ShouldNotBeNull();
        Say(
            $"{kind} of the platform's denies kms:Decrypt: key {key.Status.Verdict}/{usable.Reason}, store "
                + $"{store.Status.Availability}: {usable.Message}");

        Limit(tenant, kind, null);
        await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Usable");
    }

    [Fact]
    public async Task An_external_key_store_that_is_too_busy_closes_nothing_and_one_that_lost_the_key_closes_the_store()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await SettleAsync(tenant, maxStaleness: "1h");

        tenant.Cloud.SetExternalRefusal(tenant.KeyArn,
            "AWS KMS rejected the request because the external key store proxy rejected it due to a very high request "
                + "rate.");
        var key = await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Unknown");
        Tenant.ReasonOf(key).ShouldBe("ExternalKeyStoreUnreachable");
        (await tenant.UntilAsync(store => Tenant.Is(store, "KeyUsable", "Unknown"))).Status!.Availability
            .ShouldBe("Open");
        Say($"XKS, very high request rate: key {key.Status!.Verdict}/{Tenant.ReasonOf(key)}, store Open");

        tenant.Cloud.SetExternalRefusal(tenant.KeyArn,
            "The external key store proxy rejected the request because it could not find the external key.");
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("ExternalKeyUnusable");

        tenant.Cloud.SetExternalRefusal(tenant.KeyArn, null);
        await tenant.UntilReadyAsync();
    }

    private static async Task<string> SettleAsync(Tenant tenant, string maxStaleness = "60s")
    {
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync(maxStaleness: maxStaleness);
        await tenant.ApplyStoreAsync();
        return (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
    }

    private static void Limit(Tenant tenant, string kind, string? policy)
    {
        if (kind == "service control policy")
        {
            tenant.Cloud.SetServiceControlPolicy(LocalCloudAccounts.Platform, policy);
        }
        else if (kind == "identity-based policy")
        {
            tenant.Cloud.SetIdentityPolicy(LocalCloudAccounts.OperatorAccessKey, policy).ShouldBeTrue();
        }
        else
        {
            tenant.Cloud.SetLimit(LocalCloudAccounts.OperatorAccessKey, kind, policy).ShouldBeTrue();
        }
    }

    /// <summary>The published policy without any statement for the operator alone,
    /// and without it where the workloads stand beside it.</summary>
    private static string WithoutOperator(Tenant tenant)
    {
        var policy = JsonNode.Parse(tenant.Stage.KeyPolicy(tenant.KeyArn, Tenant.Namespace))!;
        var statements = policy["Statement"]!.AsArray();
        foreach (var statement in statements.ToList())
        {
            var principal = statement!["Principal"]!;
            if (principal["AWS"] is JsonArray)
            {
                principal["AWS"] = Stage.DataRole(Tenant.Namespace);
            }
            else if (principal["AWS"]!.ToString() == LocalCloudAccounts.OperatorRole)
            {
                statements.Remove(statement);
            }
        }

        return policy.ToJsonString();
    }

    private static async Task<bool> RefusedDirectlyAsync(Tenant tenant)
    {
        using var kms = new AmazonKeyManagementServiceClient(
            new BasicAWSCredentials(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret),
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = tenant.Stage.Cloud.Url.ToString(),
                AuthenticationRegion = Stage.Region,
                MaxErrorRetry = 0,
            });
        var request =
            new GenerateDataKeyWithoutPlaintextRequest { KeyId = tenant.KeyArn, KeySpec = DataKeySpec.AES_256 };
        return (await Record.ExceptionAsync(() => kms.GenerateDataKeyWithoutPlaintextAsync(request)))
            is AmazonKeyManagementServiceException { ErrorCode: "AccessDeniedException" };
    }

    private static void Say(string what) => TestContext.Current.SendDiagnosticMessage(what);
}
