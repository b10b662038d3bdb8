namespace ByokOperator.Api;

/// <summary>Which key of a vault of the platform's the material becomes. It serves stores in every location.</summary>
public sealed record AzureImport
{
    /// <summary>Such as <c>https://platform.vault.azure.net</c>.</summary>
    public string VaultUri { get; init => field = value ?? ""; } = "";

    public string KeyName { get; init => field = value ?? ""; } = "";

    /// <summary>When the vault lets nobody wrap with the key any more; null: never. Once set it can be moved,
    /// and not taken away.</summary>
    public string? ValidTo { get; init; }

    internal string KeyId => $"{VaultUri.TrimEnd('/')}/keys/{KeyName}";
}
