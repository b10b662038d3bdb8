using ByokOperator.Api;
using LocalCloud.Faults;
using Quickstart;

namespace CloudStories;

/// <summary>One cloud as a story needs it: a tenant with a key of its own, a platform with a shared place,
/// and what may befall both.</summary>
internal interface ICloudScene : IAsyncDisposable
{
    /// <summary>The id that a store under the tenant's key shows.</summary>
    string KeyId { get; }

    /// <summary>Makes key and shared place. The key can't be used by the platform yet.</summary>
    void Set(Stage stage);

    /// <summary>The tenant lets the platform use the key, or not any more.</summary>
    void Grant(bool may);

    void SwitchKey(bool on);

    /// <summary>What new data goes under: a material, a version.</summary>
    string Version { get; }

    /// <summary>By the tenant.</summary>
    void RotateKey();

    /// <summary>Other material under the same id.</summary>
    void ReplaceKey();

    /// <summary>The tenant's key management service answers nobody, or again.</summary>
    void SilenceKeys(bool silent);

    /// <summary>What stores are made and closed through answers nobody, or again.</summary>
    void SilenceStores(bool silent);

    TenantEncryptionKeySpec Name(TenantEncryptionKeySpec key);

    /// <summary>A key of the other cloud, as its tenant would write it.</summary>
    TenantEncryptionKeySpec NameElsewhere(TenantEncryptionKeySpec key);

    /// <param name="store">What is to be placed.</param>
    /// <param name="own">The bucket or account; null for a derived one.</param>
    /// <param name="prefix">Of the shared place; empty for all of it, null to start empty.</param>
    EncryptedStoreSpec Place(EncryptedStoreSpec store, string? own, string? prefix);

    /// <summary>A bucket or an account that is somebody else's.</summary>
    string TakeName();

    Task PutSharedAsync(string name, string content);

    /// <summary>Something that nobody can read as it is.</summary>
    Task ArchiveSharedAsync(string name);

    Task<IReadOnlyList<string>> ListSharedAsync(string prefix);

    /// <summary>Null where the store refuses it.</summary>
    Task<string?> ReadAsync(StoreLocation store, string name);

    /// <summary>Null where the store refuses it.</summary>
    Task<IReadOnlyList<string>?> ListAsync(StoreLocation store, string prefix);

    bool Stands(StoreLocation store);

    /// <summary>Every copy of an object into a store passes it.</summary>
    void HoldCopies(Turnstile turnstile);
}
