using System.Collections.Concurrent;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Azure.Stores;
using Cloud.Keys;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>
/// Law 2 where the key is the account's and not the blob's: nothing is written before Resource Manager has said that
/// the account is under the ordered key. Its word holds a moment,
/// because a copy of a million blobs may not ask a million times.
/// </summary>
internal sealed class AccountKeys(AzureCaller caller)
{
    /// <summary>Far below the time that putting an account under another key takes,
    /// and a request per worker for each of them.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Word> words = new(StringComparer.Ordinal);

    /// <summary>The id of the key that the account is under, whatever version of it; null for Microsoft's own, and
    /// where the store does not say which group it is in.</summary>
    public async Task<string?> FindAsync(StoreRef store, CancellationToken cancellation) =>
        Bare(await KeyAsync(store, cancellation))?.Id;

    /// <summary>The key's own id, for what is about to be written under it.</summary>
    public async Task<string> RequireAsync(
        string operation, StoreRef store, KeyRef ordered, CancellationToken cancellation)
    {
        var standing = await KeyAsync(store, cancellation);
        return AccountKey.Find(ordered.Identity)?.Is(Bare(standing)) == true
            ? ordered.Identity
            : throw new CloudException(
                new CloudProblem.Refused("AccountUnderAnotherKey",
                    $"the account is under {standing?.Id ?? "no key of a tenant"} instead of {ordered.Id}; nothing "
                        + "was written"),
                operation);
    }

    /// <summary>A held version is not the key: data stands under the key through all of them.</summary>
    private static AccountKey? Bare(AccountKey? key) => key is null ? null : key with { Version = "" };

    private async Task<AccountKey?> KeyAsync(StoreRef store, CancellationToken cancellation)
    {
        if (store.Scope?.Split('/') is not [{ Length: > 0 } subscription, { Length: > 0 } group])
        {
            return null;
        }

        var account = BlobPlace.Of(store, caller.Options.Environment).Account;
        var path =
            $"subscriptions/{Uri.EscapeDataString(subscription)}/resourceGroups/{Uri.EscapeDataString(group)}/providers/Microsoft.Storage/storageAccounts/{account}";
        var word = words.AddOrUpdate(path, Ask, (asked, standing) => IsStale(standing) ? Ask(asked) : standing);
        return await word.Answer.Value.WaitAsync(cancellation);
    }

    private bool IsStale(Word word) =>
        caller.Time.GetElapsedTime(word.Asked) > Holds
            || (word.Answer is { IsValueCreated: true, Value: { IsFaulted: true } or { IsCanceled: true } });

    /// <summary>Shared by all who wait for it, so nobody's cancellation ends it; the calling layer bounds it.</summary>
    private Word Ask(string path) => new(caller.Time.GetTimestamp(), new(() => LookAsync(path)));

    private async Task<AccountKey?> LookAsync(string path)
    {
        var address =
            new Uri(caller.Options.Environment.ResourceManager, $"{path}?api-version={AzureVersions.Storage}");
        var call = new AzureCall("arm:GetStorageAccount", RequestMethod.Get, address, AzureAudience.ResourceManager);
        var reply = await caller.SendAsync(call, CancellationToken.None);
        return new AccountFacts(ArmSite.Read(reply), [], null, RoleStanding.NotWanted).Key;
    }

    private sealed record Word(long Asked, Lazy<Task<AccountKey?>> Answer);
}
