using System.Text.Json.Nodes;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>Looks at accounts. Changes nothing.</summary>
internal sealed class AccountLook(ArmSite site, WorkloadRole role, AccountOperations operations)
{
    private const string PinField = "byokpin";

    /// <summary>Null where there is none by that name in the group.</summary>
    public Task<JsonObject?> FindAsync(AccountPlace place, Evidence? evidence, CancellationToken cancellation) =>
        site.FindAsync("arm:GetStorageAccount", place.Id, AzureVersions.Storage, evidence, cancellation);

    /// <summary>A name is taken in all of Azure: what is not in our group may still be somebody's.</summary>
    public async Task<StoreOwnership> OwnershipAsync(
        StoreSpec spec, JsonObject? account, Evidence? evidence, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        return account is not null ? OwnershipOf(spec, account)
            : operations.Knows(place) || await IsFreeAsync(place, evidence, cancellation) ? StoreOwnership.Absent
            : StoreOwnership.Stranger;
    }

    public static StoreOwnership OwnershipOf(StoreSpec spec, JsonObject account) =>
        StoreTag.OwnershipOf(TagOf(account), spec);

    /// <summary>Null where no tag says whose it is.</summary>
    public static StoreTag? TagOf(JsonObject account) =>
        StoreTag.Read(word => AccountFacts.Text(account["tags"] as JsonObject, AccountDocument.TagPrefix + word));

    public async Task<AccountFacts> FactsAsync(
        StoreSpec spec, JsonObject account, Evidence? evidence, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        var service = BlobServiceAsync(place, evidence, cancellation);
        var container = ContainerAsync(place, evidence, cancellation);
        var stands = role.LookAsync(spec, evidence, cancellation);
        await Task.WhenAll(service, container, stands);
        return new AccountFacts(account, await service ?? [], await container, await stands);
    }

    public Task<JsonObject?> BlobServiceAsync(AccountPlace place, Evidence? evidence, CancellationToken cancellation) =>
        site.FindAsync("arm:GetBlobService", place.BlobServiceId, AzureVersions.Storage, evidence, cancellation);

    public Task<JsonObject?> ContainerAsync(AccountPlace place, Evidence? evidence, CancellationToken cancellation) =>
        site.FindAsync("arm:GetContainer", place.ContainerId, AzureVersions.Storage, evidence, cancellation);

    /// <summary>What is sealed to a container; null where nothing is.</summary>
    public static string? PinOf(JsonObject? container)
    {
        var text = AccountFacts.Text((container?["properties"] as JsonObject)?["metadata"] as JsonObject, PinField);
        try
        {
            return text is null ? null : System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The container's metadata with the pin in it.</summary>
    public static JsonObject WithPin(JsonObject? container, string pin)
    {
        var metadata = (container?["properties"] as JsonObject)?["metadata"]?.DeepClone() as JsonObject ?? [];
        metadata[PinField] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pin));
        return metadata;
    }

    private async Task<bool> IsFreeAsync(AccountPlace place, Evidence? evidence, CancellationToken cancellation)
    {
        var answer = await site.AskAsync(
            "arm:CheckNameAvailability",
            $"/subscriptions/{Uri.EscapeDataString(place.Subscription)}/providers/Microsoft.Storage/checkNameAvailability",
            AzureVersions.Storage,
            new JsonObject { ["name"] = place.Account, ["type"] = "Microsoft.Storage/storageAccounts" },
            evidence,
            cancellation);
        return AccountFacts.Text(answer, "reason") != "AlreadyExists";
    }
}
