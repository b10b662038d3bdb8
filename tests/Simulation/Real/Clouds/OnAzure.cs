namespace Simulation.Real.Clouds;

/// <summary>What things are called in a world on Azure.</summary>
internal static class OnAzure
{
    public const string Location = "westeurope";
    public const string Group = "stores";
    public const string Subscription = "11111111-0000-0000-0000-000000000001";
    public const string Client = "11111111-0000-0000-0000-000000000002";
    public const string Principal = "11111111-0000-0000-0000-000000000003";

    /// <summary>The tenant's own, which its vaults are in.</summary>
    public const string Directory = "22222222-0000-0000-0000-000000000001";

    /// <summary>Where its last key is.</summary>
    public const string OtherDirectory = "22222222-0000-0000-0000-000000000002";

    private const string Last = "key3";

    public static string DirectoryOf(string key) => key == Last ? OtherDirectory : Directory;

    public static string VaultOf(string tenant, string key) =>
        $"https://{tenant}{(key == Last ? "-other" : "")}.vault.azure.net";

    public static string KeyOf(string tenant, string key) => $"{VaultOf(tenant, key)}/keys/{key}";
}
