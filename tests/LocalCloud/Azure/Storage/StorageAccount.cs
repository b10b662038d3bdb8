using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LocalCloud.Azure.Arm;
using LocalCloud.Azure.Blob;

namespace LocalCloud.Azure.Storage;

/// <summary>A storage account: what ARM manages and what the blob service serves. Documents are swapped, never edited,
/// under <see cref="Gate"/>.</summary>
internal sealed class StorageAccount(string name, ResourceGroup group, string location, DateTimeOffset created)
{
    public Lock Gate { get; } = new();

    public string Name { get; } = name;

    public ResourceGroup Group { get; } = group;

    public string Location { get; } = location;

    public DateTimeOffset Created { get; } = created;

    public string Id { get; } = $"{group.Id}/providers/Microsoft.Storage/storageAccounts/{name}";

    /// <summary>What encrypts the data, were it encrypted; the tenant's key wraps it.</summary>
    public byte[] RootKey { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Sku, kind, identity and tags as given.</summary>
    public JsonObject Head { get; set; } = [];

    /// <summary>Settable properties as given.</summary>
    public JsonObject Properties { get; set; } = [];

    public JsonObject BlobService { get; set; } = [];

    public volatile StorageSettings Settings = new();

    public volatile BlobSettings Blobs = new();

    public AccountEncryption? Encryption { get; set; }

    public BoundKey? Bound { get; set; }

    public volatile IReadOnlyList<AccountKey> Keys = [AccountKey.New("key1", created), AccountKey.New("key2", created)];

    /// <summary>User delegation keys made before are void.</summary>
    public DateTimeOffset DelegationsVoidBefore { get; set; }

    /// <summary>ARM's operation that isn't done yet.</summary>
    public DateTimeOffset BusyUntil { get; set; }

    public ConcurrentDictionary<string, PrivateConnection> Connections { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, Container> Containers { get; } = new(StringComparer.Ordinal);

    /// <summary>File shares, queues and tables, by resource type and name.</summary>
    public ConcurrentDictionary<(string Type, string Name), byte> Others { get; } = new();

    public void Put(JsonObject properties)
    {
        Properties = properties;
        Settings = StorageSettings.Read(properties);
    }

    public void PutBlobService(JsonObject properties)
    {
        BlobService = properties;
        Blobs = BlobSettings.Read(properties);
    }
}
