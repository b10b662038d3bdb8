namespace LocalCloud.Azure.Entra;

/// <summary>What a token is asked for: the resources that every tenant has.</summary>
internal static class TokenScope
{
    private const string Suffix = "/.default";

    private static readonly string[] Known =
    [
        "https://vault.azure.net", "https://management.azure.com", "https://management.core.windows.net",
        "https://storage.azure.com", "https://graph.microsoft.com", LocalCloudAzure.TokenExchangeAudience,
    ];

    public static string ResourceOf(string scope, string tenant) =>
        scope.EndsWith(Suffix, StringComparison.Ordinal) ? AudienceOf(scope[..^Suffix.Length], tenant)
            : throw EntraProblems.BadScope(scope);

    /// <summary>The audience for a resource; one slash at its end is kept, as Entra keeps it.</summary>
    public static string AudienceOf(string resource, string tenant)
    {
        var plain = resource.TrimEnd('/');
        var isStorage = Uri.TryCreate(plain, UriKind.Absolute, out var uri)
            && uri.Host.EndsWith(AzureAddress.BlobSuffix, StringComparison.Ordinal);
        return Known.Contains(plain) || isStorage ? resource : throw EntraProblems.ResourceNotFound(resource, tenant);
    }
}
