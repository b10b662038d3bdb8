using ByokOperator.Api;
using Cloud.Keys;
using LocalCloud;
using LocalCloud.Faults;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A denial that names no side, told by a key of the platform's own, and what becomes of the store.</summary>
public sealed class ControlKeyStories
{
    [Fact]
    public async Task A_denial_is_the_tenants_will_and_closes_the_store_where_the_control_key_answers()
    {
        var (tenant, _) = await MoveInAsync(isConfigured: true);
        await using var home = tenant;
        var bucket = await SettleAsync(tenant);

        Deny(tenant, tenant.KeyArn);

        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("AccessDenied");
        await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Revoked");
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
        Say("control key answers: Revoked, AccessDenied, Closed");
    }

    [Fact]
    public async Task A_denial_that_the_control_key_gets_too_is_the_platforms_own_and_leaves_the_store_open()
    {
        var (tenant, control) = await MoveInAsync(isConfigured: true);
        await using var home = tenant;
        var bucket = await SettleAsync(tenant);

        var platforms = Deny(tenant, control);
        Deny(tenant, tenant.KeyArn);

        var key = await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "OwnCredentials");
        key.Status!.Verdict.ShouldBe("Unknown");
        (await tenant.StoreAsync()).Status!.Availability.ShouldBe("Open");
        (await tenant.BindingStandsAsync()).ShouldBeTrue();
        (await tenant.ListAsync(bucket, "")).ShouldNotBeNull();
        Say("control key denied too: Unknown, OwnCredentials, Open");

        tenant.Cloud.RemoveFault(platforms);
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("AccessDenied", "then it is the tenant's");
    }

    [Fact]
    public async Task A_denial_is_nobodys_where_there_is_no_control_key_and_closes_the_store_after_max_staleness()
    {
        var (tenant, _) = await MoveInAsync(isConfigured: false);
        await using var home = tenant;
        var bucket = await SettleAsync(tenant, maxStaleness: "10s");

        Deny(tenant, tenant.KeyArn);

        var unknown = (await tenant.UntilKeyAsync(key => key.Status!.UnknownSince is not null)).Status!;
        var closed = (await tenant.UntilClosedAsync()).Status!;
        closed.ClosedReason.ShouldBe("UnknownTooLong");
        (closed.ClosedSince!.Value - unknown.UnknownSince!.Value)
            .ShouldBeGreaterThan(TimeSpan.FromSeconds(9), "it is borne until then");
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
        var took = (closed.ClosedSince - unknown.UnknownSince)!.Value.TotalSeconds;
        Say($"no control key: Unknown, then Closed, UnknownTooLong, {took:0.0} s later (maxStaleness 10s)");
    }

    private static async Task<(Tenant Tenant, string ControlKey)> MoveInAsync(bool isConfigured)
    {
        var control = "";
        var tenant = await Tenant.MoveInWithAsync(stage =>
        {
            control = stage.Cloud.Admin.CreateKey(LocalCloudAccounts.Platform, Stage.Region);
            stage.Cloud.Admin.SetKeyPolicy(
                control, stage.Aws.Policies.RequiredPolicy(new KeyRef(Stage.Region, control)));
            stage.StartOperator(NullLoggerFactory.Instance, options => options with
            {
                Aws = options.Aws with { ControlKeys = isConfigured ? [$"{Stage.Region}={control}"] : [] },
            });
        });
        return (tenant, control);
    }

    private static async Task<string> SettleAsync(Tenant tenant, string maxStaleness = "10m")
    {
        await tenant.ApplyKeyAsync(maxStaleness: maxStaleness);
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        return (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
    }

    /// <summary>Without a word of why, as KMS may.</summary>
    private static int Deny(Tenant tenant, string arn) =>
        tenant.Cloud.AddFault(new FaultRule(new FaultEffect.Deny()) { Service = "kms", KeyPrefix = arn });

    private static void Say(string what) => TestContext.Current.SendDiagnosticMessage(what);
}
