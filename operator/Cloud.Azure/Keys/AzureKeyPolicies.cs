using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>The tenant's steps for one key, for the application and the cloud that this process runs with.</summary>
internal sealed class AzureKeyPolicies(AzureOptions options) : IKeyPolicies
{
    public string RequiredPolicy(KeyRef key, KeyBinding? binding = null) =>
        TenantSteps.Bicep(KeyAccess.Of(key, options));

    public IReadOnlyDictionary<string, string> Documents(KeyRef key, KeyBinding? binding = null)
    {
        var access = KeyAccess.Of(key, options);
        return new Dictionary<string, string>
        {
            ["azure-cli.sh"] = TenantSteps.AzureCli(access),
            ["azure-powershell.ps1"] = TenantSteps.PowerShell(access),
            ["azure.bicep"] = TenantSteps.Bicep(access),
        };
    }
}
