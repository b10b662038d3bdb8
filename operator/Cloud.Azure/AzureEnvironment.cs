namespace Cloud.Azure;

/// <summary>One of Azure's separate clouds: where its services are and what their tokens are for.</summary>
/// <param name="Name">As <c>BYOK_AZURE_ENVIRONMENT</c> spells it.</param>
/// <param name="Authority">Microsoft Entra.</param>
/// <param name="ResourceManager">Where Resource Manager is; also the audience of its tokens.</param>
/// <param name="VaultSuffix">What vaults' host names end in; <c>https://</c> before it is the audience.</param>
/// <param name="StorageSuffix">What follows <c>account.blob.</c> in a host name.</param>
public sealed record AzureEnvironment(
    string Name, Uri Authority, Uri ResourceManager, string VaultSuffix, string StorageSuffix)
{
    public static readonly AzureEnvironment Public = new(
        "public", new("https://login.microsoftonline.com/"), new("https://management.azure.com/"), "vault.azure.net",
        "core.windows.net")
    {
        SignInHosts = ["login.microsoftonline.com", "login.microsoft.com", "login.windows.net"],
    };

    public static readonly AzureEnvironment UsGovernment = new(
        "usgovernment", new("https://login.microsoftonline.us/"), new("https://management.usgovcloudapi.net/"),
        "vault.usgovcloudapi.net", "core.usgovcloudapi.net")
    {
        SignInHosts = ["login.microsoftonline.us"],
    };

    public static readonly AzureEnvironment China = new(
        "china", new("https://login.chinacloudapi.cn/"), new("https://management.chinacloudapi.cn/"), "vault.azure.cn",
        "core.chinacloudapi.cn")
    {
        SignInHosts = ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
    };

    /// <summary>Entra's names in this cloud: the SDK asks which one to use
    /// (https://login.microsoftonline.com/common/discovery/instance).</summary>
    public IReadOnlyList<string> SignInHosts { get; init; } = [];

    /// <summary>Null for a name that is none.</summary>
    public static AzureEnvironment? Find(string name) => name switch
    {
        "public" => Public,
        "usgovernment" => UsGovernment,
        "china" => China,
        _ => null,
    };

    public Uri BlobEndpoint(string account) => new($"https://{account}.blob.{StorageSuffix}/");
}
