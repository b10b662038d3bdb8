using ByokOperator.Api;
using ByokOperator.Reconciling;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Azure.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;
using Shouldly;

namespace ByokOperator.Tests.Stories;

/// <summary>A tenant with a key in its own vault, and the whole operator running: real pipeline, real tokens,
/// real watches.</summary>
internal sealed class VaultTenant(Stage stage) : IAsyncDisposable
{
    public const string Namespace = "tenant-contoso";
    public const string Vault = "contoso-keys";
    public const string Key = "contoso";
    public const string Role = "Key Vault Crypto Service Encryption User";

    public Stage Stage => stage;

    public AzureAdmin Azure => stage.Cloud.Admin.Azure;

    private string App => Azure.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!;

    /// <param name="prepare">Before the operator asks anything.</param>
    public static async Task<VaultTenant> MoveInAsync(Action<AzureAdmin>? prepare = null)
    {
        var stage = await Stage.SetAsync(null, NullLoggerFactory.Instance);
        await WrappingKeyOnHand.PutAsync(stage);
        await stage.GiveAsync(Namespace);
        var azure = stage.Cloud.Admin.Azure;
        azure.CreateVault(Vault);
        azure.CreateKey(Vault, Key);
        prepare?.Invoke(azure);
        stage.StartOperator(NullLoggerFactory.Instance);
        return new VaultTenant(stage);
    }

    public void GiveRole(string role = Role) => Azure.AddRole(App, role, $"{Azure.VaultId(Vault)}/keys/{Key}");

    public void TakeRole(string role = Role) => Azure.RemoveRole(App, role);

    public Task ApplyAsync(
        Func<TenantEncryptionKeySpec, TenantEncryptionKeySpec>? change = null, string maxStaleness = "60s")
    {
        var spec = new TenantEncryptionKeySpec
        {
            Revocation = new KeyRevocation { ProbeInterval = "1s", MaxStaleness = maxStaleness },
            AzureKeyVault = new AzureKeyVaultSource
            {
                VaultUri = $"https://{Vault}.vault.azure.net",
                KeyName = Key,
                TenantId = LocalCloudAzure.Tenant,
                ClientId = LocalCloudAzure.AppClientId,
            },
        };
        return stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = Namespace },
                Spec = change?.Invoke(spec) ?? spec,
            }, "test", CancellationToken.None);
    }

    public async Task<TenantEncryptionKey> UntilAsync(Func<TenantEncryptionKey, bool> holds)
    {
        TenantEncryptionKey? key = null;
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            await stage.ThrowIfDeadAsync();
            key = await stage.Kube.Api<TenantEncryptionKey>()
                .TryGetAsync(new ObjectKey(Namespace, "key"), CancellationToken.None);
            if (key?.Status is { } status && holds(key))
            {
                ConditionsContract.Check(status.Conditions, status.ObservedGeneration ?? 0).ShouldBeEmpty();
                return key;
            }
        }

        throw new TimeoutException(
            $"the key never got there: {key?.Status?.Verdict}; "
                + $"{string.Join("; ", (key?.Status?.Conditions ?? []).Select(one => $"{one.Type}={one.Status}/{one.Reason} {one.Message}"))}");
    }

    public Task<TenantEncryptionKey> UntilAsync(string verdict, string condition, string reason) => UntilAsync(key =>
        key.Status!.Verdict == verdict
            && key.Status.Conditions.Any(one => one.Type == condition && one.Reason == reason));

    public Task<TenantEncryptionKey> UntilReadyAsync() =>
        UntilAsync(key => key.Status!.Conditions.Any(one => one is { Type: "Ready", Status: "True" }));

    /// <summary>The text of the operator's record of the key.</summary>
    public async Task<string> RecordAsync() =>
        (await stage.Kube.Api<ConfigMap>()
            .ListPageAsync(new Selection(null, "byok.dev/record=key"), null, CancellationToken.None)).Items
                .ShouldHaveSingleItem().Data!["record"];

    public async Task<ConfigMap> MapAsync(string name) =>
        (await stage.Kube.Api<ConfigMap>().TryGetAsync(new ObjectKey(Namespace, name), CancellationToken.None))
            .ShouldNotBeNull();

    public ValueTask DisposeAsync() => stage.DisposeAsync();
}
