using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Places;
using ByokOperator.Stores;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>The tenant rotates its key, and somebody has to say that stores may go on.</summary>
public sealed class RotationStories
{
    private static readonly Dictionary<string, string> labels = new() { ["byok.dev/uses"] = "store" };

    private static readonly ObjectKey app = new(Tenant.Namespace, "app");

    [Fact]
    public async Task A_rotation_in_the_tenants_kms_pauses_the_workloads_until_it_is_confirmed()
    {
        await using var sink = await Sink.StartAsync();
        var secretFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(secretFile, Sink.Secret);
        await using var tenant = await OpenAsync(secretFile, sink);
        await ManualAsync(tenant);
        await tenant.UntilReadyAsync();

        tenant.Cloud.RotateKey(tenant.KeyArn);
        var current = tenant.Cloud.KeyMaterialId(tenant.KeyArn)!;
        var paused = await tenant.UntilAsync(store => store.Status?.Availability == StoreVerdict.Paused);
        Conditions.Find(paused.Status!.Conditions, "VersionConfirmed")!.Message.ShouldContain(current);
        await RunningAsync(tenant, 0);
        (await tenant.BindingStandsAsync()).ShouldBeTrue("the binding is untouched");
        (await tenant.ListAsync(paused.Status.Location!.Bucket, "")).ShouldNotBeNull("and the data");
        var key = await tenant.UntilKeyAsync(key =>
            Conditions.Find(key.Status!.Conditions,
                "VersionConfirmed") is { Status: "False", Reason: "VersionNotConfirmed" });
        (key.Status!.Verdict, key.Status.Keys![0].Version).ShouldBe(("Usable", current));
        ((string?)(await sink.HeardAsync("dev.byok.store.paused.v1"))["data"]!["version"]).ShouldBe(current);
        ((string?)(await sink.HeardAsync("dev.byok.key.unconfirmed.v1"))["data"]!["version"]).ShouldBe(current);

        await tenant.Stage.StopOperatorAsync();
        tenant.Stage.RestartOperator();
        await tenant.UntilKeyAsync(one =>
            one.Status!.LastVerifiedTime >= key.Status.LastVerifiedTime
                && Conditions.Find(one.Status.Conditions, "VersionConfirmed")?.Status == "False");
        await tenant.UntilAsync(store => store.Status?.Availability == StoreVerdict.Paused);
        await RunningAsync(tenant, 0);

        await ConfirmAsync(tenant, current);
        await tenant.UntilReadyAsync();
        await RunningAsync(tenant, 3);
        (await RecordAsync(tenant))
            .ShouldContain($"\"acceptedVersion\":\"{current}\"", customMessage: "in the operator's own record");
        File.Delete(secretFile);
    }

    [Fact]
    public async Task A_rotation_that_only_warns_holds_nothing_still()
    {
        await using var tenant = await OpenAsync();
        await ManualAsync(tenant, KeyRotation.Continue);
        tenant.Cloud.RotateKey(tenant.KeyArn);
        var key = await tenant.UntilKeyAsync(key =>
            Conditions.Find(key.Status!.Conditions, "VersionConfirmed") is { Reason: "UnconfirmedRotation" });
        Conditions.Find(key.Status!.Conditions, "Ready")!.Status.ShouldBe("True");
        var store = await tenant.UntilAsync(store =>
            Conditions.Find(store.Status!.Conditions, "VersionConfirmed") is { Reason: "UnconfirmedRotation" });
        (store.Status!.Availability, Tenant.Is(store, "Ready", "True")).ShouldBe((StoreVerdict.Open, true));
        await RunningAsync(tenant, 3);
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_its_stores_are_paused_closes_them_and_they_come_back_paused()
    {
        await using var tenant = await OpenAsync();
        await ManualAsync(tenant);
        tenant.Cloud.RotateKey(tenant.KeyArn);
        await tenant.UntilAsync(store => store.Status?.Availability == StoreVerdict.Paused);

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilAsync(store => store.Status?.Availability == StoreVerdict.Paused);
        await RunningAsync(tenant, 0);
    }

    [Fact]
    public async Task What_was_followed_before_confirmation_was_asked_for_needs_none()
    {
        await using var tenant = await OpenAsync();
        tenant.Cloud.RotateKey(tenant.KeyArn);
        var current = tenant.Cloud.KeyMaterialId(tenant.KeyArn)!;
        await Until.TrueAsync("it is on record",
            async () => (await RecordAsync(tenant)).Contains(current, StringComparison.Ordinal));
        await ManualAsync(tenant);
        await tenant.UntilKeyAsync(key =>
            key.Status!.ObservedGeneration == key.Metadata.Generation
                && Conditions.Find(key.Status.Conditions, "Ready")?.Status == "True");
        await tenant.UntilReadyAsync();
        await RunningAsync(tenant, 3);
    }

    /// <summary>A store in use, with three replicas of the tenant's workload.</summary>
    private static async Task<Tenant> OpenAsync(string? secretFile = null, Sink? sink = null)
    {
        var tenant = await Tenant.MoveInAsync(options =>
            sink is null ? options
                : options with { NotificationSink = sink.Address, NotificationSecretFile = secretFile });
        await tenant.Stage.Kube.Api<Deployment>().CreateAsync(
            new Deployment
            {
                Metadata = new ObjectMeta { Name = app.Name, Namespace = app.Namespace, Labels = labels },
                Spec = new ReplicaSpec { Replicas = 3 },
            }, CancellationToken.None);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec =>
            spec with
            {
                Shared = null,
                Workloads = new WorkloadPolicy { Selector = new LabelSelector { MatchLabels = labels } },
            });
        await tenant.UntilReadyAsync();
        return tenant;
    }

    private static Task<TenantEncryptionKey> ManualAsync(Tenant tenant, string whileUnconfirmed = KeyRotation.Pause) =>
        PatchAsync(
            tenant, new JsonObject { ["confirmation"] = KeyRotation.Manual, ["whileUnconfirmed"] = whileUnconfirmed });

    private static Task<TenantEncryptionKey> ConfirmAsync(Tenant tenant, string version) =>
        PatchAsync(tenant, new JsonObject { ["confirmedVersion"] = version });

    private static Task<TenantEncryptionKey> PatchAsync(Tenant tenant, JsonObject rotation) =>
        tenant.Stage.Kube.Api<TenantEncryptionKey>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, "key"),
            new JsonObject { ["spec"] = new JsonObject { ["rotation"] = rotation } }, CancellationToken.None);

    private static Task RunningAsync(Tenant tenant, int replicas) => Until.TrueAsync(
        $"{replicas} run",
        async () =>
            (await tenant.Stage.Kube.Api<Deployment>().GetAsync(app, CancellationToken.None)).Spec?.Replicas
                == replicas);

    private static async Task<string> RecordAsync(Tenant tenant) =>
        (await tenant.Stage.Kube.Api<ConfigMap>()
            .ListPageAsync(new Selection(null, "byok.dev/record=key"), null, CancellationToken.None)).Items
                .ShouldHaveSingleItem().Data!["record"];
}
