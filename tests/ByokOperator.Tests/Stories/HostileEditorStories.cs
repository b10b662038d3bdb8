using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Records;
using ByokOperator.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>
/// A tenant with <c>edit</c> in its own namespace names what is another tenant's. Each is refused before anything is looked at, the victim's
/// store stands as it stood, and its data is where it was.
/// </summary>
public sealed class HostileEditorStories
{
    private const string Evil = "tenant-evil";

    private static readonly TenantSpec ToVictim = new()
    {
        Namespaces = [new() { Name = Tenant.Namespace }],
        Keys = new() { AwsAccounts = [LocalCloudAccounts.Tenant] },
        Shared = new() { Aws = [new() { Bucket = Tenant.SharedBucket, Prefix = Tenant.Prefix }] },
        Stores = new() { AwsRegions = [Stage.Region] },
        Limits = new() { MinProbeInterval = "1s" },
    };

    private static readonly TenantSpec ToEvil = ToVictim with
    {
        Namespaces = [new() { Name = Evil }],
        Shared = new() { Aws = [new() { Bucket = Tenant.SharedBucket, Prefix = "evil/" }] },
    };

    [Fact]
    public async Task Another_tenants_prefix_as_shared_is_refused_and_its_data_stays_where_it_was()
    {
        await using var tenant = await SetAsync(ToEvil);
        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, Tenant.Prefix);
        (await RefusedAsync(tenant)).ShouldBe($"spec.shared.aws: this place is not given to this tenant: the platform would have to add {{bucket: {Tenant.SharedBucket}, prefix: acme/}} to spec.shared.aws of Tenant {Evil}");
        await NothingWasMadeAsync(tenant);
        (await tenant.ListAsync(Tenant.SharedBucket, Tenant.Prefix)).ShouldBe(["acme/one"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_bucket_of_another_tenants_store_as_shared_is_refused_whatever_was_given(bool mayNameAnything)
    {
        await using var tenant = await SetAsync(mayNameAnything ? Stage.Anything(Evil) : ToEvil);
        await ApplyKeyAsync(tenant);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var victim = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        await ApplyStoreAsync(tenant, victim, Tenant.Prefix);
        var told = await UntilStalledAsync(tenant, mayNameAnything ? "SpecInvalid" : "NotGranted");
        told.ShouldNotContain(Tenant.Namespace);
        told.ShouldNotContain("Tenant acme");
        Tenant.Is(await tenant.StoreAsync(), "Ready", "True").ShouldBeTrue();
        (await tenant.ListAsync(victim, Tenant.Prefix)).ShouldBe(["acme/one"]);
    }

    [Fact]
    public async Task A_bucket_with_an_owner_tag_of_ours_is_no_source_though_no_record_names_it()
    {
        await using var tenant = await SetAsync(Stage.Anything(Evil));
        tenant.Cloud.CreateBucket("tagged-place", Stage.Region, LocalCloudAccounts.Platform);
        using (var operating = tenant.Stage.S3(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret))
        {
            await operating.PutBucketTaggingAsync(new PutBucketTaggingRequest { BucketName = "tagged-place", TagSet = [new Tag { Key = "byok.dev/owner", Value = Guid.NewGuid().ToString() }] }, TestContext.Current.CancellationToken);
        }

        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, "tagged-place", "any/");
        (await UntilStalledAsync(tenant, "SpecInvalid")).ShouldContain(StoreNeighbours.NotFreeMessage);
        await NothingWasMadeAsync(tenant);
    }

    [Fact]
    public async Task Another_tenants_key_is_never_asked()
    {
        var before = ToEvil with { Keys = new() { AwsAccounts = ["666666666666"] } };
        await using var tenant = await SetAsync(before);
        tenant.Cloud.ResetCalls();
        await ApplyKeyAsync(tenant);
        var key = await UntilKeyStalledAsync(tenant, "NotGranted");
        key.Status!.Verdict.ShouldBe("Unknown");
        tenant.Cloud.Count("kms", "GenerateDataKeyWithoutPlaintext").ShouldBe(0);
        tenant.Cloud.Count("kms", "DescribeKey").ShouldBe(0);
    }

    [Fact]
    public async Task A_bucket_name_without_an_entry_is_refused()
    {
        await using var tenant = await SetAsync(ToEvil);
        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, "evil/", own: "somebody-elses");
        (await RefusedAsync(tenant)).ShouldStartWith("spec.aws.bucketName is not given to this tenant: the platform would have to add somebody-elses to spec.stores.bucketNames");
    }

    [Fact]
    public async Task A_namespace_of_no_tenant_gets_nothing_until_it_is_given()
    {
        await using var tenant = await SetAsync(spec: null);
        tenant.Cloud.ResetCalls();
        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, "evil/");
        await UntilKeyStalledAsync(tenant, "NoTenant");
        await UntilStalledAsync(tenant, "NoTenant");
        tenant.Cloud.Count("kms", "GenerateDataKeyWithoutPlaintext").ShouldBe(0);
        await tenant.Stage.GiveAsync(Evil, ToEvil);
        await UntilAsync(tenant, store => Tenant.Is(store, "Ready", "True"));
    }

    [Fact]
    public async Task What_stands_goes_on_and_closes_when_the_platform_takes_it_back_and_nothing_new_begins()
    {
        await using var tenant = await SetAsync(ToEvil);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        await tenant.Stage.TakeBackAsync("acme");
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "NoTenant" && store.Status?.Availability == "Open");
        await tenant.UntilKeyAsync(key => Tenant.ReasonOf(key) == "NoTenant" && key.Status?.Verdict == "Usable");
        (await tenant.BindingStandsAsync()).ShouldBeTrue();

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilKeyAsync(key => key.Status?.Verdict == "Usable");
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "NoTenant" && Tenant.Is(store, "KeyUsable", "True"));
        (await tenant.BindingStandsAsync()).ShouldBeFalse();

        await tenant.Stage.GiveAsync("acme", ToVictim);
        await tenant.UntilReadyAsync();
    }

    [Fact]
    public async Task A_namespace_that_went_to_another_tenant_takes_no_store_along()
    {
        await using var tenant = await SetAsync(spec: null);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var store = await tenant.UntilReadyAsync();
        var record = RecordCodec.Peek<StoreRecord>(await tenant.Stage.Kube.Api<ConfigMap>().GetAsync(
            new ObjectKey(Stage.SystemNamespace, RecordCodec.NameOf<StoreRecord>(RecordOwner.Of(store.Metadata))), TestContext.Current.CancellationToken));
        record!.Tenant.ShouldBe("acme");

        await tenant.Stage.TakeBackAsync("acme");
        await tenant.Stage.GiveAsync("other", ToVictim);
        var told = await tenant.UntilAsync(one => Tenant.ReasonOf(one) == "NotGranted" && one.Status?.Availability == "Open");
        Conditions.Find(told.Status!.Conditions, "Stalled")!.Message.ShouldStartWith("this was begun while the namespace was another tenant's");
    }

    [Fact]
    public async Task Of_more_stores_than_the_limit_the_oldest_are_in_and_stay_in()
    {
        await using var tenant = await SetAsync(spec: null);
        await tenant.Stage.GiveAsync("acme", ToVictim with { Limits = ToVictim.Limits with { Stores = 1 } });
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        await tenant.ApplyStoreAsync("store2", spec => spec with { Shared = null });
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "NotGranted", "store2");
        Tenant.Is(await tenant.StoreAsync(), "Ready", "True").ShouldBeTrue();
        await tenant.Stage.Kube.Api<EncryptedStore>().DeleteAsync(new ObjectKey(Tenant.Namespace, "store"), null, TestContext.Current.CancellationToken);
        await tenant.UntilAsync(store => Tenant.Is(store, "Ready", "True"), "store2");
    }

    [Fact]
    public async Task A_refused_store_that_never_began_is_deleted_at_once()
    {
        await using var tenant = await SetAsync(spec: null);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, Tenant.Prefix);
        await UntilStalledAsync(tenant, "NoTenant");
        await tenant.Stage.Kube.Api<EncryptedStore>().DeleteAsync(new ObjectKey(Evil, "store"), null, TestContext.Current.CancellationToken);
        (await tenant.Stage.Kube.Api<EncryptedStore>().TryGetAsync(new ObjectKey(Evil, "store"), TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    /// <summary>The victim with something in its prefix, and what the platform gave the other; null for nothing.</summary>
    private static async Task<Tenant> SetAsync(TenantSpec? spec)
    {
        var tenant = await Tenant.MoveInAsync();
        await tenant.Stage.TakeBackAsync(Tenant.Namespace);
        await tenant.Stage.GiveAsync("acme", ToVictim);
        if (spec is not null)
        {
            await tenant.Stage.GiveAsync(Evil, spec);
        }

        await tenant.PutAsync("acme/one", "1");
        return tenant;
    }

    private static Task<TenantEncryptionKey> ApplyKeyAsync(Tenant tenant) => tenant.Stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
        new TenantEncryptionKey
        {
            Metadata = new ObjectMeta { Name = "key", Namespace = Evil },
            Spec = new() { Revocation = new() { ProbeInterval = "1s", MaxStaleness = "60s" }, AwsKms = new() { Keys = [new() { Region = Stage.Region, Arn = tenant.KeyArn }] } },
        },
        "test", CancellationToken.None);

    private static Task<EncryptedStore> ApplyStoreAsync(Tenant tenant, string bucket, string prefix, string? own = null) => tenant.Stage.Kube.Api<EncryptedStore>().ApplyAsync(
        new EncryptedStore
        {
            Metadata = new ObjectMeta { Name = "store", Namespace = Evil },
            Spec = new()
            {
                KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                Aws = new() { Region = Stage.Region, BucketName = own },
                Shared = new() { Aws = new() { Bucket = bucket, Prefix = prefix } },
            },
        },
        "test", CancellationToken.None);

    private static Task<string> RefusedAsync(Tenant tenant) => UntilStalledAsync(tenant, "NotGranted");

    private static async Task<string> UntilStalledAsync(Tenant tenant, string reason) => Conditions.Find(
        (await UntilAsync(tenant, store => Conditions.Find(store.Status?.Conditions ?? [], "Stalled")?.Reason == reason)).Status!.Conditions, "Stalled")!.Message!;

    private static async Task<TenantEncryptionKey> UntilKeyStalledAsync(Tenant tenant, string reason) =>
        await Until<TenantEncryptionKey>(tenant, "key", key => Conditions.Find(key.Status?.Conditions ?? [], "Stalled")?.Reason == reason);

    private static Task<EncryptedStore> UntilAsync(Tenant tenant, Func<EncryptedStore, bool> holds) => Until(tenant, "store", holds);

    private static async Task<T> Until<T>(Tenant tenant, string name, Func<T, bool> holds)
        where T : class, IResource<T>
    {
        T? last = null;
        await Cluster.Tests.Primitives.Until.HoldsAsync("it is told", async () =>
        {
            await tenant.Stage.ThrowIfDeadAsync();
            last = await tenant.Stage.Kube.Api<T>().TryGetAsync(new ObjectKey(Evil, name), CancellationToken.None);
            return last is null ? "it is not there" : holds(last) ? null : System.Text.Json.JsonSerializer.Serialize(last, T.Json);
        });
        return last!;
    }

    /// <summary>No record, so no place; no copy Job.</summary>
    private static async Task NothingWasMadeAsync(Tenant tenant)
    {
        var records = await tenant.Stage.Kube.Api<ConfigMap>().ListPageAsync(new Selection(Stage.SystemNamespace, $"{RecordCodec.Label}={StoreRecord.Kind}"), null, TestContext.Current.CancellationToken);
        records.Items.Select(RecordCodec.Peek<StoreRecord>).ShouldAllBe(record => record!.Namespace != Evil);
        (await tenant.Stage.Kube.Api<Job>().ListPageAsync(new Selection(Stage.SystemNamespace), null, TestContext.Current.CancellationToken)).Items.ShouldBeEmpty();
    }
}
