using System.Text.Json.Nodes;
using LocalCloud.Azure.Arm;

namespace LocalCloud.Azure.Vault;

/// <summary>A vault. Its keys are guarded by <see cref="Gate"/>.</summary>
internal sealed class KeyVault(string name, ResourceGroup group, string tenant, string location)
{
    public Lock Gate { get; } = new();

    public string Name { get; } = name;

    public string Tenant { get; } = tenant;

    public string Subscription => group.Subscription;

    public ResourceGroup Group => group;

    public string Location { get; } = location;

    public string Id { get; } = $"{group.Id}/providers/Microsoft.KeyVault/vaults/{name}";

    public Uri Uri { get; } = LocalCloudAzure.Vault(name);

    public VaultSettings Settings { get; set; } = new();

    public JsonObject Tags { get; set; } = [];

    /// <summary>Deleted, until recovered or purged: its name is taken and its keys are out of reach.</summary>
    public DateTimeOffset? Deleted { get; set; }

    public Dictionary<string, VaultKey> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, DeletedKey> DeletedKeys { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string IdOf(string key) => $"{Id}/keys/{key}";

    /// <summary>Keys whose time has come go for good.</summary>
    public void PurgeDue(DateTimeOffset now)
    {
        foreach (var (key, _) in DeletedKeys.Where(one => one.Value.PurgeAt <= now).ToArray())
        {
            DeletedKeys.Remove(key);
        }
    }

    public VaultKeyVersion? Find(string key, string? version)
    {
        lock (Gate)
        {
            return Keys.GetValueOrDefault(key) is not { } found ? null : string.IsNullOrEmpty(version) ? found.Latest
                : found.Find(version);
        }
    }
}
