using ByokOperator.Api;
using LocalCloud;

namespace Quickstart;

/// <summary>A tenant with a key in its own Azure vault: the first tenant's story, in the other cloud.</summary>
internal sealed class VaultStory(Stage stage, Narrator narrator, string ns) : IDisposable
{
    private const string Vault = "cove-keys";
    private const string Key = "cove";

    private readonly BlobShelf shelf = new(stage.Cloud);

    public async Task<int> TellAsync()
    {
        var scene = new Scene(stage, narrator, (ns, "cove/"), shelf);
        var azure = stage.Cloud.Admin.Azure;
        azure.CreateVault(Vault);
        var key = azure.CreateKey(Vault, Key);
        azure.AddRole(azure.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
            "Key Vault Crypto Service Encryption User", $"{azure.VaultId(Vault)}/keys/{Key}");
        narrator.Step($"a third tenant's vault has an RSA key, {key}");
        narrator.Detail(
            "our application, installed in the tenant's directory, has one role on that key alone: what the key's "
                + "policy ConfigMap asks for");

        await scene.MakeSharedDataAsync();
        await scene.ApplyAsync(new TenantEncryptionKeySpec
        {
            AzureKeyVault = new AzureKeyVaultSource
            {
                VaultUri = LocalCloudAzure.Vault(Vault).ToString().TrimEnd('/'), KeyName = Key,
                TenantId = LocalCloudAzure.Tenant, ClientId = LocalCloudAzure.AppClientId,
            },
        });
        await scene.ApplyStoreAsync();
        return await scene.LiveAsync(enabled => azure.SetKeyEnabled(Vault, Key, enabled), "vault");
    }

    public void Dispose() => shelf.Dispose();
}
