using ByokOperator.Api;
using LocalCloud;

namespace Quickstart;

/// <summary>A tenant with a key in its own Azure vault: the first tenant's story, in the other cloud.</summary>
internal sealed class VaultStory(Stage stage, Narrator narrator, string ns) : IDisposable
{
    private const string Vault = "cove-keys";
    private const string Key = "cove";
    private const string NextKey = "cove-2027";

    private readonly BlobShelf shelf = new(stage.Cloud);

    public async Task<int> TellAsync()
    {
        var scene = new Scene(stage, narrator, (ns, "cove/"), shelf);
        var azure = stage.Cloud.Admin.Azure;
        azure.CreateVault(Vault);
        narrator.Step($"a third tenant's vault has an RSA key, {MakeKey(Key)}");
        narrator.Detail(
            "our application, installed in the tenant's directory, has one role on that key alone: what the key's "
                + "policy ConfigMap asks for");

        await scene.MakeSharedDataAsync();
        await scene.ApplyAsync(SpecOf(Key));
        await scene.ApplyStoreAsync();
        return await scene.LiveAsync(enabled => azure.SetKeyEnabled(Vault, Key, enabled), "vault",
            () => (SpecOf(NextKey), MakeKey(NextKey)));
    }

    public void Dispose() => shelf.Dispose();

    /// <returns>Its address, without a version.</returns>
    private string MakeKey(string name)
    {
        var azure = stage.Cloud.Admin.Azure;
        azure.CreateKey(Vault, name);
        azure.AddRole(azure.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
            "Key Vault Crypto Service Encryption User", $"{azure.VaultId(Vault)}/keys/{name}");
        return $"{VaultUri}/keys/{name}";
    }

    private static string VaultUri => LocalCloudAzure.Vault(Vault).ToString().TrimEnd('/');

    private static TenantEncryptionKeySpec SpecOf(string name) => new()
    {
        AzureKeyVault = new AzureKeyVaultSource
        {
            VaultUri = VaultUri, KeyName = name,
            TenantId = LocalCloudAzure.Tenant, ClientId = LocalCloudAzure.AppClientId,
        },
    };
}
