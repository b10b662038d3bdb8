using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>One bad object is one bad object: what nobody can read holds up nobody else,
/// and goes on being followed as it stood.</summary>
public sealed class QuarantineStories
{
    /// <summary>A server without the schema lets it in; so did one whose schema was another.</summary>
    private const string NumberForAText = """{"imported":{"aws":{"regions":["eu-west-1"],"validTo":20270101}}}""";

    private const string SmallLetters =
        """{"imported":{"aws":{"regions":["eu-west-1"],"validTo":"2027-01-01t00:00:00z"}}}""";

    [Fact]
    public async Task Other_tenants_keys_that_can_not_be_read_hold_up_no_revocation()
    {
        await using var tenant = await OpenAsync();
        await PoisonAsync(tenant);

        await RevokeAsync(tenant);

        Show(await tenant.UntilClosedAsync());
    }

    [Fact]
    public async Task An_operator_that_starts_beside_keys_that_can_not_be_read_closes_what_was_revoked_meanwhile()
    {
        await using var tenant = await OpenAsync();
        await tenant.Stage.StopOperatorAsync();
        await PoisonAsync(tenant);
        await RevokeAsync(tenant);

        tenant.Stage.RestartOperator();

        Show(await tenant.UntilClosedAsync());
    }

    [Fact]
    public async Task A_key_that_can_not_be_read_any_more_is_told_and_followed_as_it_stood_and_its_revocation_closes()
    {
        await using var tenant = await OpenAsync();

        await ApplyAsync(tenant, "tenantencryptionkeys", Tenant.Namespace, "key",
            """{"rotation":{"confirmedVersion":7}}""");
        await UntilToldAsync(tenant, "key");
        tenant.Cloud.ResetCalls();
        await global::Cluster.Tests.Primitives.Until.TrueAsync("it goes on being proved",
            () => Task.FromResult(tenant.Cloud.Count("kms", "Decrypt") > 2));
        Tenant.Is(await tenant.StoreAsync(), "Ready", "True").ShouldBeTrue();

        await ApplyAsync(tenant, "tenantencryptionkeys", Tenant.Namespace, "key",
            """{"rotation":{"confirmedVersion":7},"state":"Revoked","revocation":{"confirm":"revoke"}}""");
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("RevokedByTenant");
    }

    [Fact]
    public async Task A_revocation_that_nobody_could_ever_read_as_a_whole_closes()
    {
        await using var tenant = await OpenAsync();
        await tenant.Stage.StopOperatorAsync();
        await ApplyAsync(tenant, "tenantencryptionkeys", Tenant.Namespace, "key",
            """{"rotation":{"confirmedVersion":7},"state":"Revoked","revocation":{"confirm":"revoke"}}""");

        tenant.Stage.RestartOperator();

        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("RevokedByTenant");
    }

    [Fact]
    public async Task A_key_that_a_new_operator_can_not_read_looks_neither_deleted_nor_lost_and_its_own_refusal_closes()
    {
        await using var tenant = await OpenAsync();
        await tenant.Stage.StopOperatorAsync();
        await ApplyAsync(tenant, "tenantencryptionkeys", Tenant.Namespace, "key",
            """{"rotation":{"confirmedVersion":7}}""");

        tenant.Stage.RestartOperator();
        await UntilToldAsync(tenant, "key");
        (await tenant.StoreAsync()).Status!.Availability.ShouldBe("Open");
        (await tenant.BindingStandsAsync()).ShouldBeTrue();

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("KeyDisabled");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_can_not_be_read_closes_with_its_key(bool afterRestart)
    {
        await using var tenant = await OpenAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        if (afterRestart)
        {
            await tenant.Stage.StopOperatorAsync();
        }

        await ApplyAsync(tenant, "encryptedstores", Tenant.Namespace, "store",
            """{"migration":{"parallelism":"many"}}""");
        if (afterRestart)
        {
            tenant.Stage.RestartOperator();
        }

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");

        await global::Cluster.Tests.Primitives.Until.TrueAsync("LIST is refused and the binding is gone", async () =>
            await tenant.ListAsync(bucket, "") is null && !await tenant.BindingStandsAsync());
    }

    private static async Task<Tenant> OpenAsync()
    {
        var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        return tenant;
    }

    private static async Task PoisonAsync(Tenant tenant)
    {
        await ApplyAsync(tenant, "tenantencryptionkeys", "tenant-odd", "small-letters", SmallLetters);
        await ApplyAsync(tenant, "tenantencryptionkeys", "tenant-odd", "number-for-a-text", NumberForAText);
        await ApplyAsync(tenant, "tenantencryptionkeys", "tenant-odd", "no-object", "7");
    }

    private static async Task RevokeAsync(Tenant tenant) =>
        await tenant.Stage.Kube.Api<TenantEncryptionKey>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, "key"),
            new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["state"] = "Revoked",
                    ["revocation"] = new JsonObject { ["confirm"] = "revoke" },
                },
            },
            CancellationToken.None);

    /// <summary>As somebody else applies it, to a server that has no schema.</summary>
    private static async Task ApplyAsync(Tenant tenant, string plural, string ns, string name, string spec)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch,
            $"/apis/byok.dev/v1alpha1/namespaces/{ns}/{plural}/{name}?fieldManager=odd&force=true");
        var body =
            $$"""{"apiVersion":"byok.dev/v1alpha1","kind":"{{(plural[0] == 't' ? "TenantEncryptionKey" : "EncryptedStore")}}","metadata":{"name":"{{name}}","namespace":"{{ns}}"},"spec":{{spec}}}""";
        request.Content = new StringContent(body, Encoding.UTF8, "application/apply-patch+yaml");
        await tenant.Stage.Kube.SendAsync(request, CancellationToken.None);
    }

    /// <summary>By its status, which the server lets us write, and by a warning.</summary>
    private static Task UntilToldAsync(Tenant tenant, string name) =>
        global::Cluster.Tests.Primitives.Until.HoldsAsync("it is told", async () =>
        {
            using var get = KubeRequest.Get<TenantEncryptionKey>(new ObjectKey(Tenant.Namespace, name));
            var conditions = JsonNode.Parse(
                (await tenant.Stage.Kube.SendAsync(get,
                    CancellationToken.None)).Span)!["status"]?["conditions"]?.AsArray() ?? [];
            var stalled = conditions.FirstOrDefault(condition => (string?)condition!["type"] == "Stalled");
            var events = await tenant.Stage.Kube.Api<KubeEvent>()
                .ListPageAsync(new Selection(Tenant.Namespace), null, CancellationToken.None);
            return (string?)stalled?["reason"] == FactReader.Unreadable
                && ((string)stalled["message"]!)
                    .StartsWith("spec.rotation.confirmedVersion: not a text", StringComparison.Ordinal)
                && events.Items.Count(one =>
                    one.Reason == FactReader.Unreadable && one.Type == "Warning" && one.Regarding?.Name == name) == 1
                ? null
                : $"{conditions.ToJsonString()} {events.Items.Count} Events";
        });

    private static void Show(EncryptedStore closed) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"availability={closed.Status!.Availability} closedReason={closed.Status.ClosedReason} "
            + $"TargetDenied={Conditions.Find(closed.Status.Conditions, "TargetDenied")?.Status} beside 3 odd keys");
}
