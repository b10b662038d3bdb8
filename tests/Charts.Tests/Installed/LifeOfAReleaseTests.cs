using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Charts.Tests.Installed;

/// <summary>
/// Both charts on a real cluster, from the first install to the last uninstall, with a tenant whose key is revoked in
/// between. Alone: a chart's names are the operator's own, which other stories use too.
/// </summary>
[Trait("Server", "kubernetes")]
[Trait("Server", "helm")]
[Trait("Cluster", "alone")]
[Collection(Releases.OnTheCluster)]
public sealed class LifeOfAReleaseTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const string Operator = "byok-operator";
    private const string Tenants = "byok-tenants";

    private static readonly string[] Definitions =
        ["tenants.byok.dev", "tenantencryptionkeys.byok.dev", "encryptedstores.byok.dev"];

    private readonly RealCluster cluster = new();
    private readonly Releases releases = new(RealCluster.Kubeconfig);
    private readonly string space = $"chart-{Guid.NewGuid().ToString("n")[..8]}";

    private Kubectl Kubectl => cluster.Administrator;

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact(Timeout = LastResort.Story * 2)]
    public async Task Installed_upgraded_rolled_back_and_uninstalled_it_loses_nothing_and_opens_nothing()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        using var chart = await ChartOnOldServer.CopyAsync(Operator);
        using var tenants = await ChartOnOldServer.CopyAsync(Tenants);
        var values = await OldServerValues.OfAsync(Kubectl, cloud);
        var tenant = new TenantScene(cluster, cloud, space);
        try
        {
            await InstallAsync(chart, values);
            await GiveAsync(tenants);
            await tenant.ApplyAsync();
            await tenant.UntilOpenAsync();
            var lives = await UidsAsync();

            await UpgradeAsync(values, tenant, lives);
            await RollBackAsync(tenant, lives);
            await RevokeAndUninstallAsync(cloud, tenant, lives);
            await InstallAgainAsync(cloud, chart, values, tenant, lives);
            await TakeBackAsync(tenant, lives);
        }
        finally
        {
            await CleanAsync();
        }
    }

    private async Task InstallAsync(ChartOnOldServer chart, JsonObject values)
    {
        await OldServerValues.ApplySecretAsync(Kubectl);
        var installed = (await releases.InstallAsync(chart, values)).Require();
        installed.ShouldContain("Next: say what a tenant may name");
        installed.ShouldContain("This server is older than 1.30");
        var tested = (await releases.TestAsync(Operator)).Require();
        tested.ShouldContain("Succeeded");
        output.WriteLine(installed + tested);
        foreach (var definition in Definitions)
        {
            ((string?)(await Kubectl.GetAsync(
                $"crd/{definition}"))["metadata"]!["annotations"]!["helm.sh/resource-policy"]).ShouldBe("keep");
        }
    }

    /// <summary>The namespace, the tenant's Tenant, and a person who may revoke.</summary>
    private async Task GiveAsync(ChartOnOldServer tenants)
    {
        JsonObject given = new()
        {
            ["namespaces"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = space,
                    ["keyOwners"] = new JsonArray(new JsonObject { ["kind"] = "User", ["name"] = "jane" }),
                }),
            ["keys"] = new JsonObject { ["awsAccounts"] = new JsonArray("*") },
            ["stores"] = new JsonObject { ["awsRegions"] = new JsonArray("*") },
            ["limits"] = new JsonObject { ["minProbeInterval"] = "1s", ["maxStaleness"] = "168h" },
        };
        JsonObject values = new() { ["tenants"] = new JsonObject { [space] = given } };
        await Kubectl.RunAsync("create", "namespace", space);
        var refused = await releases.InstallAsync(tenants, values, takesOver: false);
        refused.Succeeded.ShouldBeFalse("a namespace that is nobody's release is not taken by the way");
        refused.Error.ShouldContain($"Namespace \"{space}\"");
        output.WriteLine((await releases.InstallAsync(tenants, values)).Require());
        await Until.HoldsAsync("the Tenant is ready", async () =>
            (await Kubectl.GetAsync("tenants.byok.dev", space))["status"] is var status
                && AwsScene.IsTrue(status, "Ready") ? null : $"{status?.ToJsonString()}");
        (await Kubectl.MayAsync("revoke", "tenantencryptionkeys.byok.dev", "--namespace", space, "--as", "jane"))
            .ShouldBeTrue();
        (await Kubectl.MayAsync("revoke", "tenantencryptionkeys.byok.dev", "--namespace", "default", "--as", "jane"))
            .ShouldBeFalse();
    }

    /// <summary>A newer chart brings a field; what stands lives on, and may use it.</summary>
    private async Task UpgradeAsync(JsonObject values, TenantScene tenant, string lives)
    {
        using var newer = await ChartOnOldServer.CopyAsync(Operator);
        newer.Change("files/crds/encryptedstores.yaml", "                deletionPolicy:\n",
            "                note: {type: string}\n                deletionPolicy:\n");
        (await releases.UpgradeAsync(newer, values)).Require();
        await Kubectl.RunAsync("patch", "-n", space, "encryptedstore/store", "--type=merge", "-p",
            """{"spec":{"note":"kept"}}""");
        ((string?)(await Kubectl.GetAsync("-n", space, "encryptedstore/store"))["spec"]!["note"]).ShouldBe("kept");
        await StillOpenAsync("after the upgrade", tenant, lives);
    }

    private async Task RollBackAsync(TenantScene tenant, string lives)
    {
        (await releases.RollbackAsync(Operator, 1)).Require();
        (await Kubectl.RunAsync("get", "crd/encryptedstores.byok.dev", "-o", "json")).ShouldNotContain("\"note\"");
        await StillOpenAsync("after the rollback", tenant, lives);
    }

    private async Task RevokeAndUninstallAsync(LocalCloudServer cloud, TenantScene tenant, string lives)
    {
        cloud.Admin.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        var records = await NamesAsync("configmaps", OperatorManifests.Namespace);
        var uninstalled = (await releases.UninstallAsync(Operator)).Require();
        output.WriteLine(uninstalled);
        foreach (var definition in Definitions)
        {
            (await Kubectl.FindAsync($"crd/{definition}")).ShouldNotBeNull();
        }

        (await Kubectl.FindAsync("-n", OperatorManifests.Namespace, "deployment/byok-operator")).ShouldBeNull();
        (await Kubectl.FindAsync("clusterrole/byok-operator")).ShouldBeNull();
        (await UidsAsync()).ShouldBe(lives);
        (await NamesAsync("configmaps", OperatorManifests.Namespace)).ShouldBe(records);
        (await Kubectl.FindAsync("-n", OperatorManifests.Namespace, "secret/byok-records-key")).ShouldNotBeNull();
        (await tenant.IsListedAsync()).ShouldBeFalse("closed stays closed");
    }

    /// <summary>Under the same name, what was kept is taken up: it is still closed,
    /// and opens on the same key.</summary>
    private async Task InstallAgainAsync(
        LocalCloudServer cloud, ChartOnOldServer chart, JsonObject values, TenantScene tenant, string lives)
    {
        (await releases.InstallAsync(chart, values)).Require();
        await tenant.UntilClosedAsync();
        cloud.Admin.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilOpenAsync();
        (await UidsAsync()).ShouldBe(lives);
    }

    /// <summary>Without its Tenant nothing new begins; the namespace and what stands in it stay.</summary>
    private async Task TakeBackAsync(TenantScene tenant, string lives)
    {
        output.WriteLine((await releases.UninstallAsync(Tenants)).Require());
        (await Kubectl.FindAsync("tenants.byok.dev", space)).ShouldBeNull();
        (await Kubectl.FindAsync("namespace", space)).ShouldNotBeNull();
        (await Kubectl.MayAsync("revoke", "tenantencryptionkeys.byok.dev", "--namespace", space, "--as", "jane"))
            .ShouldBeFalse();
        (await UidsAsync()).ShouldBe(lives);
        (await tenant.IsListedAsync()).ShouldBeTrue();
    }

    private async Task StillOpenAsync(string when, TenantScene tenant, string lives)
    {
        await tenant.UntilOpenAsync();
        (await UidsAsync()).ShouldBe(lives, when);
        (await tenant.IsListedAsync()).ShouldBeTrue(when);
    }

    private async Task<string> UidsAsync() =>
        string.Join(' ',
            (await Kubectl.GetAsync("-n", space, "tenantencryptionkeys/key",
                "encryptedstores/store"))["items"]!.AsArray().Select(one => (string?)one!["metadata"]!["uid"]));

    private async Task<string> NamesAsync(string resource, string ns) =>
        string.Join(' ',
            (await Kubectl.GetAsync("-n", ns, resource))["items"]!.AsArray()
                .Select(one => (string)one!["metadata"]!["name"]!).Order(StringComparer.Ordinal));

    /// <summary>The operator goes last: it lets the key and the store go.</summary>
    private async Task CleanAsync()
    {
        await Kubectl.TryAsync("delete", "-n", space, "encryptedstores/store", "--timeout=2m");
        await Kubectl.TryAsync("delete", "namespace", space, "--wait=false");
        await Kubectl.TryAsync("delete", "tenants.byok.dev", space, "--wait=false");
        await releases.UninstallAsync(Tenants);
        await releases.UninstallAsync(Operator);
        await OldServerValues.DeleteSecretAsync(Kubectl);
    }
}
