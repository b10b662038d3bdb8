using LocalCloud.Aws;

namespace LocalCloud.Azure;

/// <summary>Which service a request is for, by its host; or, on any other host,
/// a storage account by the first part of its path.</summary>
internal sealed record AzureAddress(string Service, string Account, string Path, RawQuery Query)
{
    public const string VaultSuffix = ".vault.azure.net";
    public const string BlobSuffix = ".blob.core.windows.net";
    public const string Login = "login.microsoftonline.com";
    public const string Arm = "management.azure.com";
    public const string Metadata = "169.254.169.254";

    /// <summary>The path as it came; Shared Key signs it so.</summary>
    public string SignedPath { get; init; } = Path;

    public static AzureAddress Of(string host, string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target : target[..mark];
        var query = RawQuery.Parse(target);
        host = host.ToLowerInvariant();
        return host switch
        {
            Login or "login.windows.net" or "sts.windows.net" => new AzureAddress("entra", "", path, query),
            Metadata => new AzureAddress("imds", "", path, query),
            Arm => new AzureAddress("arm", "", path, query),
            _
                when host.EndsWith(VaultSuffix, StringComparison.Ordinal) =>
                    new AzureAddress("keyvault", host[..^VaultSuffix.Length], path, query),
            _
                when host.EndsWith(BlobSuffix, StringComparison.Ordinal) =>
                    new AzureAddress("blob", host[..^BlobSuffix.Length], path, query),
            _ => PathStyle(path, query),
        };
    }

    private static AzureAddress PathStyle(string path, RawQuery query)
    {
        var slash = path.IndexOf('/', 1);
        return slash < 0
            ? new AzureAddress("blob", path.TrimStart('/'), "/", query) { SignedPath = path }
            : new AzureAddress("blob", path[1..slash], path[slash..], query) { SignedPath = path };
    }
}
