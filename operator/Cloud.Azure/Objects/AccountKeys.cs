using System.Collections.Concurrent;
using System.Text.Json.Nodes;
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

    /// <summary>What the account is under, whatever version of it;
    /// null where the store does not say which group it is in.</summary>
    public async Task<AccountEncryption?> LookAsync(StoreRef store, CancellationToken cancellation) =>
        PlaceOf(store) is { } place
            ? AccountEncryption.Of(await AskAsync("arm:GetStorageAccount", place.Id, cancellation)) : null;

    /// <summary>The key's own id, for what is about to be written under it.</summary>
    public async Task<string> RequireAsync(
        string operation, StoreRef store, KeyRef ordered, CancellationToken cancellation)
    {
        var standing = await LookAsync(store, cancellation);
        if (standing?.Is(ordered) != true)
        {
            throw Refused(operation,
                $"the account is under {standing?.KeyId ?? "no key of a tenant"} instead of {ordered.Id}; nothing was "
                    + $"written");
        }

        // A store's own container has no scope. A shared one may get one at any time.
        if (store.IsHeld
            && AccountEncryption.ScopeOf(
                await AskAsync("arm:GetContainer", PlaceOf(store)!.ContainerId, cancellation)) is { } scope)
        {
            throw Refused(operation,
                $"the container is under {SharedDefault.OfScope(scope)} instead of {ordered.Id}; nothing was written");
        }

        return ordered.Identity;
    }

    private static CloudException Refused(string operation, string message) =>
        new(new CloudProblem.Refused("AccountUnderAnotherKey", message), operation);

    private static AccountPlace? PlaceOf(StoreRef store) =>
        store.Scope?.Split('/') is [{ Length: > 0 }, { Length: > 0 }] ? AccountPlace.Of(store) : null;

    private Task<JsonObject> AskAsync(string operation, string id, CancellationToken cancellation)
    {
        var word = words.AddOrUpdate(id, _ => Ask(operation, id),
            (_, standing) => IsStale(standing) ? Ask(operation, id) : standing);
        return word.Answer.Value.WaitAsync(cancellation);
    }

    private bool IsStale(Word word) =>
        caller.Time.GetElapsedTime(word.Asked) > Holds
            || (word.Answer is { IsValueCreated: true, Value: { IsFaulted: true } or { IsCanceled: true } });

    /// <summary>Shared by all who wait for it, so nobody's cancellation ends it; the calling layer bounds it.</summary>
    private Word Ask(string operation, string id) =>
        new(caller.Time.GetTimestamp(), new(() => LookAsync(operation, id)));

    private async Task<JsonObject> LookAsync(string operation, string id)
    {
        var address = new Uri(caller.Options.Environment.ResourceManager, $"{id}?api-version={AzureVersions.Storage}");
        var reply = await caller.SendAsync(
            new AzureCall(operation, RequestMethod.Get, address, AzureAudience.ResourceManager),
            CancellationToken.None);
        return ArmSite.Read(reply);
    }

    private sealed record Word(long Asked, Lazy<Task<JsonObject>> Answer);
}
