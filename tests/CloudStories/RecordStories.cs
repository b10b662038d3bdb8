using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using Quickstart;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>
/// What has no object any more is closed all the same, and nonsense where the operator keeps its records closes
/// nobody's mouth: on KMS and S3, with the whole operator running.
/// </summary>
public sealed class RecordStories
{
    private const string Nonsense = """{"keyId":"x"}""";
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_retained_store_is_closed_when_its_key_is_revoked_and_after_a_restart_too()
    {
        await using var tenant = await TenantLife.BeginAsync(new AwsScene());
        var store = await tenant.SettleAsync();
        await tenant.DeleteAsync<EncryptedStore>("store");
        await tenant.UntilGoneAsync();
        (await tenant.Scene.ListAsync(store, "")).ShouldNotBeNull("nothing is known against its key");

        await tenant.Stage.StopOperatorAsync();
        tenant.Scene.SwitchKey(on: false);
        tenant.Stage.RestartOperator();

        var closed = await UntilShutAsync(tenant, store);
        Say(
            $"case 5: retained store, key disabled while no operator ran: closed {closed.TotalSeconds:0.0} s after "
                + $"the restart; {await ShownAsync(tenant)}");
        tenant.Scene.SwitchKey(on: true);
        await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Usable");
        (await tenant.Scene.ListAsync(store, "")).ShouldBeNull("what was retained is never opened by the operator");
    }

    [Fact]
    public async Task A_finalizer_that_was_taken_away_by_force_leaves_a_record_that_closes()
    {
        await using var tenant = await TenantLife.BeginAsync(new AwsScene());
        var store = await tenant.SettleAsync();

        await tenant.Stage.StopOperatorAsync();
        await TakeAwayAsync<EncryptedStore>(tenant, "store");
        await TakeAwayAsync<TenantEncryptionKey>(tenant, "key");
        tenant.Stage.Cloud.Admin.ResetCalls();
        tenant.Stage.RestartOperator();
        await Clocked.UntilAsync(() =>
            Task.FromResult(
                tenant.Stage.Cloud.Admin.Calls()
                    .Count(call => call.Operation.EndsWith("Decrypt", StringComparison.Ordinal)) >= 3));
        (await tenant.Scene.ListAsync(store, ""))
            .ShouldNotBeNull("its key was asked, again and again, and nothing is known against it");
        tenant.Scene.SwitchKey(on: false);

        var closed = await UntilShutAsync(tenant, store);
        Say(
            $"case 5: both finalizers taken away by force, then the key disabled: closed after "
                + $"{closed.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Nonsense_in_the_keys_record_keeps_no_store_open_that_the_tenant_revoked()
    {
        await using var tenant = await TenantLife.BeginAsync(new AwsScene());
        var store = await tenant.SettleAsync();

        await SpoilRecordsAsync(tenant, "key");
        tenant.Scene.SwitchKey(on: false);
        await tenant.ApplyKeyAsync(key =>
            key with { State = KeyStates.Revoked, Revocation = key.Revocation with { Confirm = "revoke" } });

        var closed = await UntilShutAsync(tenant, store);
        await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Revoked");
        Say(
            $"case 2: nonsense in the key's record, key disabled, spec.state Revoked: closed after "
                + $"{closed.TotalSeconds:0.0} s; {await ShownAsync(tenant)}");
    }

    [Fact]
    public async Task Nonsense_in_the_stores_record_keeps_it_from_opening_and_not_from_closing()
    {
        await using var tenant = await TenantLife.BeginAsync(new AwsScene());
        var store = await tenant.SettleAsync();

        await SpoilRecordsAsync(tenant, "store");
        await tenant.UntilAsync(item => TenantLife.ReasonOf(item) == "RecordUnreadable");
        tenant.Scene.SwitchKey(on: false);

        var closed = await UntilShutAsync(tenant, store);
        Say($"case 2: nonsense in the store's record, key disabled: closed after {closed.TotalSeconds:0.0} s");
        tenant.Scene.SwitchKey(on: true);
        await tenant.UntilAsync(item => TenantLife.ReasonOf(item) == "RecordUnreadable");
        (await tenant.Scene.ListAsync(store, "")).ShouldBeNull("nothing is opened on a record that can't be read");
    }

    [Fact]
    public async Task A_record_that_was_made_to_name_another_bucket_leads_no_closing_astray()
    {
        await using var tenant = await TenantLife.BeginAsync(new AwsScene());
        var store = await tenant.SettleAsync();
        var api = tenant.Stage.Kube.Api<ConfigMap>();
        var map = (await api.ListPageAsync(new Selection(Stage.SystemNamespace, "byok.dev/record=store"), null,
            CancellationToken.None)).Items.Single();
        var record = JsonNode.Parse(map.Data!["record"])!;
        (record["place"]!["bucketName"], record["target"]) = ("another-bucket", "another-bucket");

        await api.PatchMergeAsync(map.Metadata.Key,
            new JsonObject { ["data"] = new JsonObject { ["record"] = record.ToJsonString() } },
            CancellationToken.None);
        await tenant.UntilAsync(item => TenantLife.ReasonOf(item) == "RecordNotAuthentic");
        tenant.Scene.SwitchKey(on: false);

        var closed = await UntilShutAsync(tenant, store);
        Say(
            $"case 4: the store's record names another bucket, key disabled: the store's own is closed after "
                + $"{closed.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Where_the_key_of_the_records_is_lost_the_next_leader_says_so_and_goes_on_as_soon_as_it_is_back()
    {
        await using var tenant = await TenantLife.BeginAsync(new AwsScene());
        await tenant.SettleAsync();
        var secrets = tenant.Stage.Kube.Api<Secret>();
        var address = new ObjectKey(Stage.SystemNamespace, "byok-records-key");
        var backup = await secrets.GetAsync(address, CancellationToken.None);

        await tenant.Stage.StopOperatorAsync();
        await secrets.DeleteAsync(address, null, CancellationToken.None);
        tenant.Stage.RestartOperator();
        await tenant.UntilKeyAsync(key =>
            Conditions.Find(key.Status!.Conditions, "Stalled") is { Reason: "RecordNotAuthentic" } stalled
                && stalled.Message!.Contains("restore it from the backup", StringComparison.Ordinal));
        (await secrets.TryGetAsync(address, CancellationToken.None))
            .ShouldBeNull("another key would make every record a stranger's for good");

        await secrets.CreateAsync(
            new Secret
            {
                Metadata = new ObjectMeta { Name = address.Name, Namespace = address.Namespace },
                Data = backup.Data,
            }, CancellationToken.None, "test");
        await tenant.UntilKeyAsync(key => Conditions.Find(key.Status!.Conditions, "Ready")?.Status == "True");
        await tenant.UntilReadyAsync();
    }

    [Fact]
    public async Task A_namespace_that_goes_takes_everything_in_it_along_and_what_was_retained_is_closed_with_its_key()
    {
        await using var tenant = await TenantLife.BeginAsync(new AwsScene());
        var spaces = tenant.Stage.Kube.Api<NamespaceObject>();
        var space = new ObjectKey("", tenant.Namespace);
        await spaces.CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = tenant.Namespace } },
            CancellationToken.None);
        var store = await tenant.SettleAsync();

        var begun = TimeProvider.System.GetTimestamp();
        await spaces.DeleteAsync(space, null, CancellationToken.None);
        await Clocked.UntilAsync(async () => await spaces.TryGetAsync(space, CancellationToken.None) is null);
        var gone = TimeProvider.System.GetElapsedTime(begun);
        (await tenant.Scene.ListAsync(store, ""))
            .ShouldNotBeNull("its data was to be retained, and nothing is known against its key");

        tenant.Scene.SwitchKey(on: false);
        var closed = await UntilShutAsync(tenant, store);
        Say(
            $"case 12: namespace with a retained store deleted: gone after {gone.TotalSeconds:0.0} s; its key "
                + $"disabled then: closed after {closed.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task A_namespace_that_goes_waits_for_no_confirmation_and_deletes_no_data()
    {
        await using var tenant = await TenantLife.BeginAsync(new AwsScene());
        var spaces = tenant.Stage.Kube.Api<NamespaceObject>();
        var space = new ObjectKey("", tenant.Namespace);
        await spaces.CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = tenant.Namespace } },
            CancellationToken.None);
        var store = await tenant.SettleAsync(DeletionPolicies.Delete);

        await spaces.DeleteAsync(space, null, CancellationToken.None);

        await Clocked.UntilAsync(async () => await spaces.TryGetAsync(space, CancellationToken.None) is null);
        tenant.Scene.Stands(store).ShouldBeTrue("nobody typed the store's name");
    }

    private static async Task<TimeSpan> UntilShutAsync(TenantLife tenant, StoreLocation store)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (await tenant.Scene.ListAsync(store, "") is not null)
        {
            await tenant.Stage.ThrowIfDeadAsync();
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(timeout, "the store is still readable");
            await Task.Delay(50);
        }

        return TimeProvider.System.GetElapsedTime(begun);
    }

    private static async Task SpoilRecordsAsync(TenantLife tenant, string kind)
    {
        var api = tenant.Stage.Kube.Api<ConfigMap>();
        foreach (var map
            in (await api.ListPageAsync(new Selection(Stage.SystemNamespace, $"byok.dev/record={kind}"), null,
                CancellationToken.None)).Items)
        {
            await api.PatchMergeAsync(map.Metadata.Key,
                new JsonObject { ["data"] = new JsonObject { ["record"] = Nonsense } }, CancellationToken.None);
        }
    }

    private static async Task TakeAwayAsync<T>(TenantLife tenant, string name)
        where T : class, IResource<T>
    {
        await tenant.DeleteAsync<T>(name);
        await tenant.Stage.Kube.Api<T>().PatchMergeAsync(
            new ObjectKey(tenant.Namespace, name),
            new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, CancellationToken.None);
    }

    private static async Task<string> ShownAsync(TenantLife tenant) =>
        await tenant.KeyAsync() is { } key
            ? string.Join(", ", key.Status!.Conditions.Take(2).Select(one => $"{one.Type}={one.Status}/{one.Reason}"))
            : "no key object";

    private static void Say(string line) => TestContext.Current.SendDiagnosticMessage(line);
}
