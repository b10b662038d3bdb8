using ByokOperator.Api;
using Cloud.Keys;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>The id that stores know a region's key by.</summary>
internal static class KeyIds
{
    /// <summary>
    /// Empty where there is none to know yet. A key that the tenant keeps is the one that the spec names; an imported one is the
    /// one that the canary was made with, since no spec names it.
    /// </summary>
    public static string Of(TenantEncryptionKey? key, string region, ConfigMap? canaries)
    {
        if (key?.Spec.Imported is null)
        {
            return region == KeyRef.AnyRegion
                ? key?.Spec.AzureKeyVault?.KeyId ?? ""
                : key?.Spec.AwsKms?.Keys.FirstOrDefault(entry => entry.Region == region)?.Arn ?? "";
        }

        try
        {
            return CanaryMap.Canary(canaries, region)?.KeyId ?? "";
        }
        catch (FormatException)
        {
            return ""; // the key's own reconcile says so, and no store gets past a key that it can't judge
        }
    }
}
