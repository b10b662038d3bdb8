using ByokOperator.Api;
using ByokOperator.Reconciling;
using Cluster.Tests.Primitives;
using Kube.Core;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>What the platform reads of its Tenants: what stands, what is not covered, who gave what twice.</summary>
public sealed class TenantKindStories
{
    private static readonly TenantSpec Given = new()
    {
        Namespaces = [new() { Name = Tenant.Namespace }, new() { Name = "not-there", Instance = "sandbox" }],
        Keys = new() { AwsAccounts = ["*"] },
        Shared = new()
        {
            Aws = [new() { Bucket = Tenant.SharedBucket, Prefix = Tenant.Prefix },
                new() { Bucket = Tenant.SharedBucket, Prefix = "archive/" }],
        },
        Stores = new() { AwsRegions = [Stage.Region] },
        Limits = new() { MinProbeInterval = "1s" },
    };

    [Fact]
    public async Task A_tenant_tells_what_stands_in_its_namespaces_and_what_no_store_covers()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.Stage.TakeBackAsync(Tenant.Namespace);
        await ApplyAsync(tenant, "acme", Given);
        tenant.Cloud.SetKeyPolicy(tenant.KeyArn, tenant.Stage.KeyPolicy(tenant.KeyArn, "acme", Given));
        await tenant.PutAsync("acme/one", "1");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec => spec with { KeyRef = null });
        (await UntilAsync(tenant, "acme", status => status.Stores == 1)).Uncovered!.Count
            .ShouldBe(2, "without a key it covers nothing");
        await tenant.ApplyStoreAsync();
        var told = await UntilAsync(tenant, "acme", status => status.Instances is [{ Open: 1 }, ..]);
        told.Keys.ShouldBe(1);
        told.Stores.ShouldBe(1);
        told.Closed.ShouldBe(0);
        told.Instances!.Select(one => (one.Namespace, one.Instance, one.Stores))
            .ShouldBe([(Tenant.Namespace, "production", 1), ("not-there", "sandbox", 0)]);
        told.Uncovered.ShouldBe([$"bucket {Tenant.SharedBucket} archive/"]);
        var ready = Conditions.Find(told.Conditions, "Ready")!;
        ready.Status.ShouldBe("True");
        ready.Message.ShouldStartWith("NamespacesFound: not there: not-there");

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        (await UntilAsync(tenant, "acme", status => status.Closed == 1)).Instances![0].Open.ShouldBe(0);
    }

    [Fact]
    public async Task Tenants_that_overlap_are_both_told_until_one_gives_way()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.Stage.TakeBackAsync(Tenant.Namespace);
        await ApplyAsync(tenant, "acme", Given);
        await ApplyAsync(tenant, "bravo",
            Given with
            {
                Namespaces = [new() { Name = "bravo" }],
                Shared = new() { Aws = [new() { Bucket = Tenant.SharedBucket, Prefix = "archive/2026/" }] },
            });
        (await UntilStalledAsync(tenant, "acme")).ShouldContain("Tenant bravo");
        (await UntilStalledAsync(tenant, "bravo")).ShouldContain("Tenant acme");

        await ApplyAsync(tenant, "bravo", Given with { Namespaces = [new() { Name = "bravo" }], Shared = new() });
        await UntilAsync(tenant, "acme", status => Conditions.Find(status.Conditions, "Ready")?.Status == "True");
        await UntilAsync(tenant, "bravo", status => Conditions.Find(status.Conditions, "Ready")?.Status == "True");
    }

    private static async Task<string> UntilStalledAsync(Tenant tenant, string name) => Conditions.Find(
        (await UntilAsync(tenant, name,
            status =>
                Conditions.Find(status.Conditions, "Stalled")?.Reason == "Overlaps")).Conditions, "Stalled")!.Message!;

    private static Task<ByokOperator.Api.Tenant> ApplyAsync(Tenant tenant, string name, TenantSpec spec) =>
        tenant.Stage.Kube.Api<ByokOperator.Api.Tenant>()
            .ApplyAsync(new ByokOperator.Api.Tenant { Metadata = new ObjectMeta { Name = name }, Spec = spec }, "test",
                TestContext.Current.CancellationToken);

    private static async Task<TenantStatus> UntilAsync(Tenant tenant, string name, Func<TenantStatus, bool> holds)
    {
        TenantStatus? last = null;
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            await tenant.Stage.ThrowIfDeadAsync();
            last = (await tenant.Stage.Kube.Api<ByokOperator.Api.Tenant>()
                .GetAsync(new ObjectKey("", name), TestContext.Current.CancellationToken)).Status;
            if (last is not null && holds(last))
            {
                ConditionsContract.Check(last.Conditions, last.ObservedGeneration ?? 0).ShouldBeEmpty();
                return last;
            }
        }

        throw new TimeoutException($"in vain: {last}");
    }
}
