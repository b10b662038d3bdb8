using Kube.Core;

namespace ByokOperator.Overview;

/// <summary>The command that helps where an object is not as it should be, with whose it is to run.</summary>
internal static class NextStep
{
    /// <param name="about">Which object.</param>
    /// <param name="reason">Of Ready.</param>
    /// <param name="isStalled">It will not pass by itself.</param>
    /// <returns>Null where waiting helps, or the message says the command itself.</returns>
    public static string? For(Subject about, string reason, bool isStalled)
    {
        var (kind, key) = (about.Kind, about.Key);
        var kubectl = key.Namespace.Length > 0 ? $"kubectl -n {key.Namespace}" : "kubectl";
        return reason switch
        {
            "KeyDisabled"
                when Kms(about.TenantsKey) is { } region =>
                    $"the tenant: aws kms enable-key --region {region} --key-id {about.TenantsKey}",
            "KeyPendingDeletion"
                when Kms(about.TenantsKey) is { } region =>
                    $"the tenant: aws kms cancel-key-deletion --region {region} --key-id {about.TenantsKey}",
            "KeyDisabled"
                when about.TenantsKey?.StartsWith("https://", StringComparison.Ordinal) == true =>
                    $"the tenant: az keyvault key set-attributes --id {about.TenantsKey} --enabled true",
            "AccessDenied" or "ActionsMissing"
                when kind == Subject.OfKey =>
                    $"the tenant applies what this prints: {kubectl} get configmap {key.Name}-policy -o yaml",
            "RevokedByTenant" when kind == Subject.OfKey => $"who owns the key: byok-operator return {key}",
            "Deviations" => $"byok-operator report {key} -o table",
            "Paused" => $"{kubectl} annotate {kind} {key.Name} byok.dev/paused-",
            "NoRights" or "AdoptionNeeded" => null,
            _ => isStalled ? $"{kubectl} describe {kind} {key.Name}" : null,
        };
    }

    private static string? Kms(string? id) =>
        id?.Split(':') is ["arn", _, "kms", { Length: > 0 } region, ..] ? region : null;
}

/// <summary>An object as kubectl names it.</summary>
/// <param name="Kind">Its short name.</param>
/// <param name="Key">Namespace and name.</param>
/// <param name="TenantsKey">Full id of the tenant's own key behind it; null where there is none,
/// or it is the platform's.</param>
internal sealed record Subject(string Kind, ObjectKey Key, string? TenantsKey)
{
    public const string OfTenant = "btenant";
    public const string OfKey = "tek";
    public const string OfStore = "estore";
}
