using System.Text.Json.Nodes;
using Cloud.Keys;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>What an account encrypts by, as it tells it itself. Pure.</summary>
/// <param name="Source">In Azure's own words: <see cref="KeyRef.AccountManaged"/> or <see cref="Vault"/>;
/// null where it does not tell.</param>
/// <param name="KeyId">Without its version, for data stands under the key through all of them;
/// null where it is Microsoft's own.</param>
internal sealed record AccountEncryption(string? Source, string? KeyId)
{
    public const string Vault = "Microsoft.Keyvault";

    /// <summary>What a container says that has no scope of its own.</summary>
    private const string NoScope = "$account-encryption-key";

    public static AccountEncryption Of(JsonObject account)
    {
        var source = AccountFacts.Text((account["properties"] as JsonObject)?["encryption"] as JsonObject, "keySource");
        var key = new AccountFacts(account, [], null, RoleStanding.NotWanted).Key;
        return source switch
        {
            _ when Says(source, KeyRef.AccountManaged) => new(KeyRef.AccountManaged, null),
            _ when Says(source, Vault) && key is not null => new(Vault, (key with { Version = "" }).Id),
            _ => new(null, null),
        };
    }

    /// <summary>The encryption scope that a container puts everything under that names none;
    /// null where it has none.</summary>
    public static string? ScopeOf(JsonObject? container) =>
        AccountFacts.Text(container?["properties"] as JsonObject, "defaultEncryptionScope") is { } scope
            && scope != NoScope ? scope : null;

    /// <summary>What the container's default is; a scope is told as what it is,
    /// and is nothing that a copy could be ordered under.</summary>
    public SharedDefault? DefaultOf(JsonObject? container) =>
        ScopeOf(container) is { } scope ? new SharedDefault(SharedDefault.OfScope(scope), null, BucketKey: false)
        : Source is { } source ? new SharedDefault(source, KeyId, BucketKey: false)
        : null;

    public bool Is(KeyRef ordered) => ordered.IsStoreManaged
        ? Source == KeyRef.AccountManaged
        : KeyId is { } key && AccountKey.Find(ordered.Identity)?.Is(AccountKey.Find(key)) == true;

    private static bool Says(string? source, string word) =>
        string.Equals(source, word, StringComparison.OrdinalIgnoreCase);
}
