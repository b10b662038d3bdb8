using ByokOperator.Api;

namespace Quickstart;

/// <summary>One cloud's stores as the platform's own writers and readers see them.</summary>
internal interface IShelf
{
    /// <summary>Where everybody's backups lie at first.</summary>
    string Shared { get; }

    Task MakeSharedAsync();

    Task PutAsync(string name, string content);

    /// <summary>How many stand in the shared place under a prefix.</summary>
    Task<int> CountAsync(string prefix);

    /// <summary>The store's place, in its spec.</summary>
    EncryptedStoreSpec Place(EncryptedStoreSpec spec, string prefix);

    /// <summary>What the cloud itself says a file is encrypted with.</summary>
    Task<string> EncryptionAsync(string place, string name);

    /// <summary>What a LIST answers.</summary>
    Task<string> ListAsync(string place, string prefix);
}
