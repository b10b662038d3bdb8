namespace LocalCloud.Azure.Arm;

internal static class Locations
{
    public static string[] All { get; } = ["westeurope", "northeurope", "germanywestcentral", "francecentral",
        "swedencentral", "switzerlandnorth", "uksouth", "eastus", "eastus2", "westus2", "westus3"];

    /// <summary>"West Europe" is westeurope.</summary>
    public static string Normal(string location) =>
        location.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}
