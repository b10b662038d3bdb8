using ByokOperator.Api;
using ByokOperator.Records;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A namespace beside the victim's, what the platform gave either,
/// and what whoever may edit it applies.</summary>
internal static class HostileEditor
{
    public const string Namespace = "tenant-evil";

    public static readonly TenantSpec ToVictim = new()
    {
        Namespaces = [new() { Name = Tenant.Namespace }],
        Keys = new() { AwsAccounts = [LocalCloudAccounts.Tenant] },
        Shared = new() { Aws = [new() { Bucket = Tenant.SharedBucket, Prefix = Tenant.Prefix }] },
        Stores =
            new() { AwsRegions = [Stage.Region], DataPrincipals = new() { Aws = Stage.DataRole(Tenant.Namespace) } },
        Limits = new() { MinProbeInterval = "1s" },
    };

    public static readonly TenantSpec ToEvil = ToVictim with
    {
        Namespaces = [new() { Name = Namespace }],
        Shared = new() { Aws = [new() { Bucket = Tenant.SharedBucket, Prefix = "evil/" }] },
        Stores = new() { AwsRegions = [Stage.Region], DataPrincipals = new() { Aws = Stage.DataRole(Namespace) } },
    };

    /// <summary>The victim with something in its prefix, and what the platform gave the other;
    /// null for nothing.</summary>
    public static async Task<Tenant> SetAsync(TenantSpec? spec)
    {
        var tenant = await Tenant.MoveInAsync();
        await tenant.Stage.TakeBackAsync(Tenant.Namespace);
        await tenant.Stage.GiveAsync("acme", ToVictim);
        tenant.Cloud.SetKeyPolicy(tenant.KeyArn, tenant.Stage.KeyPolicy(tenant.KeyArn, "acme", ToVictim));
        if (spec is not null)
        {
            await tenant.Stage.GiveAsync(Namespace, spec);
        }

        await tenant.PutAsync("acme/one", "1");
        return tenant;
    }

    /// <param name="tenant">The victim.</param>
    /// <param name="arn">Left out: a key of the editor's own.</param>
    public static Task<TenantEncryptionKey> ApplyKeyAsync(Tenant tenant, string? arn = null) =>
        tenant.Stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = Namespace },
                Spec = new()
                {
                    Revocation = new() { ProbeInterval = "1s", MaxStaleness = "60s" },
                    AwsKms = new() { Keys = [new() { Region = Stage.Region, Arn = arn ?? OwnKey(tenant) }] },
                },
            },
            "test", CancellationToken.None);

    private static string OwnKey(Tenant tenant)
    {
        var arn = tenant.Cloud.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        tenant.Cloud.SetKeyPolicy(arn, tenant.Stage.KeyPolicy(arn, Namespace));
        return arn;
    }

    public static Task<EncryptedStore> ApplyStoreAsync(
        Tenant tenant, string bucket, string prefix, string? own = null) =>
            tenant.Stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = "store", Namespace = Namespace },
                Spec = new()
                {
                    KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                    Aws = new() { Region = Stage.Region, BucketName = own },
                    Shared = new() { Aws = new() { Bucket = bucket, Prefix = prefix } },
                },
            },
            "test", CancellationToken.None);

    public static Task<string> RefusedAsync(Tenant tenant) => UntilStalledAsync(tenant, "NotGranted");

    public static async Task<string> UntilStalledAsync(Tenant tenant, string reason) => Conditions.Find(
        (await UntilAsync(tenant,
            store => Conditions.Find(store.Status?.Conditions ?? [], "Stalled")?.Reason == reason)).Status!.Conditions,
                "Stalled")!.Message!;

    public static async Task<TenantEncryptionKey> UntilKeyStalledAsync(Tenant tenant, string reason) =>
        await UntilKeyAsync(tenant, key => Conditions.Find(key.Status?.Conditions ?? [], "Stalled")?.Reason == reason);

    public static Task<TenantEncryptionKey> UntilKeyAsync(Tenant tenant, Func<TenantEncryptionKey, bool> holds) =>
        UntilHoldsAsync(tenant, "key", holds);

    public static Task<EncryptedStore> UntilAsync(Tenant tenant, Func<EncryptedStore, bool> holds) =>
        UntilHoldsAsync(tenant, "store", holds);

    private static async Task<T> UntilHoldsAsync<T>(Tenant tenant, string name, Func<T, bool> holds)
        where T : class, IResource<T>
    {
        T? last = null;
        await Until.HoldsAsync("it is told", async () =>
        {
            await tenant.Stage.ThrowIfDeadAsync();
            last = await tenant.Stage.Kube.Api<T>().TryGetAsync(new ObjectKey(Namespace, name), CancellationToken.None);
            return last is null ? "it is not there" : holds(last) ? null
                : System.Text.Json.JsonSerializer.Serialize(last, T.Json);
        });
        return last!;
    }

    /// <summary>No record, so no place; no copy Job.</summary>
    public static async Task NothingWasMadeAsync(Tenant tenant)
    {
        var records = await tenant.Stage.Kube.Api<ConfigMap>()
            .ListPageAsync(new Selection(Stage.SystemNamespace, $"{RecordCodec.Label}={StoreRecord.Kind}"), null,
                TestContext.Current.CancellationToken);
        records.Items.Select(RecordCodec.Peek<StoreRecord>).ShouldAllBe(record => record!.Namespace != Namespace);
        (await tenant.Stage.Kube.Api<Job>()
            .ListPageAsync(new Selection(Stage.SystemNamespace), null, TestContext.Current.CancellationToken)).Items
                .ShouldBeEmpty();
    }
}
