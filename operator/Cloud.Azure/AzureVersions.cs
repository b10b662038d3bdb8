using Azure.Storage.Blobs;

namespace Cloud.Azure;

/// <summary>The API versions we speak, pinned here: an answer never changes
/// its shape because a day has passed.</summary>
internal static class AzureVersions
{
    /// <summary>Key Vault's data plane, <c>?api-version=</c>.</summary>
    public const string Vault = "7.4";

    /// <summary>Blob, <c>x-ms-version</c>; the SDK's own choice changes with the SDK.</summary>
    public const BlobClientOptions.ServiceVersion Blob = BlobClientOptions.ServiceVersion.V2023_11_03;

    /// <summary>Microsoft.Storage.</summary>
    public const string Storage = "2023-05-01";

    /// <summary>Microsoft.KeyVault through Resource Manager.</summary>
    public const string Vaults = "2023-07-01";

    /// <summary>Microsoft.Authorization.</summary>
    public const string Roles = "2022-04-01";
}
