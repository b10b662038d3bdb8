namespace ByokOperator.Api;

/// <summary>One key in the tenant's own vault. It serves stores in every location.</summary>
public sealed record AzureKeyVaultSource
{
    /// <summary>The region of a key that serves stores in every location, as the ports call it too.</summary>
    internal const string AnyRegion = "global";

    /// <summary>Such as <c>https://acme.vault.azure.net</c>.</summary>
    public string VaultUri { get; init => field = value ?? ""; } = "";

    public string KeyName { get; init => field = value ?? ""; } = "";

    /// <summary>Left out: the newest, through every rotation. Named: that one, until another is named.</summary>
    public string? KeyVersion { get; init; }

    /// <summary>The tenant's Microsoft Entra directory.</summary>
    public string TenantId { get; init => field = value ?? ""; } = "";

    /// <summary>The platform's multi-tenant application, which the tenant installed.</summary>
    public string ClientId { get; init => field = value ?? ""; } = "";

    /// <summary>The key's address without its version: which key it is.</summary>
    internal string KeyId => $"{VaultUri.TrimEnd('/')}/keys/{KeyName}";
}
