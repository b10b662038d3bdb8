using System.Text.Json.Nodes;
using Azure.Core;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>Makes an account, and changes single aspects of one of ours.</summary>
internal sealed class AccountProvisioner(ArmSite site, AccountLook look, AccountOperations operations)
{
    private static readonly IReadOnlyList<(string Operation, string Path, string Noun)> Others =
    [
        ("arm:ListFileShares", "fileServices/default/shares", "file share"),
        ("arm:ListQueues", "queueServices/default/queues", "queue"),
        ("arm:ListTables", "tableServices/default/tables", "table"),
    ];

    /// <summary>The tag goes with the creation: a crash in between would leave an account that is nobody's.</summary>
    public async Task<JsonObject> CreateAsync(StoreSpec spec, CancellationToken cancellation)
    {
        if (site.Options.IdentityResourceId is null)
        {
            throw new CloudException(
                new CloudProblem.Refused("IdentityNotSet",
                    "an account reaches its key as the operator's user-assigned identity: set "
                        + "BYOK_AZURE_IDENTITY_RESOURCE_ID to that identity's resource id"),
                "arm:PutStorageAccount");
        }

        var place = AccountPlace.Of(spec.Store);
        var (reply, _) = await site.SendAsync("arm:PutStorageAccount", RequestMethod.Put, place.Id,
            AzureVersions.Storage, AccountDocument.ToCreate(spec, site.Options), cancellation);
        operations.Began(place, reply);
        await operations.DemandFinishedAsync(place, cancellation);
        return await look.FindAsync(place, evidence: null, cancellation) ?? throw AccountOperations.Pending(place);
    }

    public Task ChangeAccountAsync(AccountPlace place, JsonObject change, CancellationToken cancellation) =>
        DoAsync("arm:PatchStorageAccount", RequestMethod.Patch, place.Id, change, cancellation);

    /// <summary>Everything else that the service was told stays.</summary>
    public Task KeepVersionsAsync(AccountPlace place, AccountFacts facts, CancellationToken cancellation)
    {
        var properties = facts.BlobService["properties"]?.DeepClone() as JsonObject ?? [];
        properties["isVersioningEnabled"] = true;
        return DoAsync("arm:PutBlobService", RequestMethod.Put, place.BlobServiceId,
            new JsonObject { ["properties"] = properties }, cancellation);
    }

    public Task MakeContainerAsync(AccountPlace place, CancellationToken cancellation) =>
        DoAsync("arm:PutContainer", RequestMethod.Put, place.ContainerId,
            new JsonObject { ["properties"] = new JsonObject { ["publicAccess"] = "None" } }, cancellation);

    public Task RemoveContainerAsync(AccountPlace place, CancellationToken cancellation) =>
        DoAsync("arm:DeleteContainer", RequestMethod.Delete, place.ContainerId, body: null, cancellation);

    public Task WritePinAsync(AccountPlace place, JsonObject? container, string pin, CancellationToken cancellation) =>
        DoAsync(
            "arm:PatchContainer",
            RequestMethod.Patch,
            place.ContainerId,
            new JsonObject { ["properties"] = new JsonObject { ["metadata"] = AccountLook.WithPin(container, pin) } },
            cancellation);

    /// <summary>Every signature that was made with a delegation key is void from now on.</summary>
    public Task RevokeDelegationsAsync(AccountPlace place, CancellationToken cancellation) =>
        DoAsync("arm:RevokeUserDelegationKeys", RequestMethod.Post, place.Id + "/revokeUserDelegationKeys", body: null,
            cancellation);

    public Task DeleteAsync(AccountPlace place, CancellationToken cancellation) =>
        DoAsync("arm:DeleteStorageAccount", RequestMethod.Delete, place.Id, body: null, cancellation);

    /// <summary>Names of the account's containers.</summary>
    public async Task<IReadOnlyList<string>> ContainersAsync(AccountPlace place, CancellationToken cancellation)
    {
        List<string> names = [];
        await foreach (var container
            in site.ListAsync("arm:ListContainers", place.BlobServiceId + "/containers", AzureVersions.Storage,
                filter: null, evidence: null, cancellation))
        {
            names.Add(AccountFacts.Text(container, "name") ?? "");
        }

        return names;
    }

    /// <summary>What of an account's other services somebody made in it, in words; null where nothing is. Blobs are all
    /// that the operator makes there.</summary>
    public async Task<string?> BesideBlobsAsync(AccountPlace place, CancellationToken cancellation)
    {
        foreach (var (operation, path, noun) in Others)
        {
            await foreach (var one
                in site.ListAsync(operation, $"{place.Id}/{path}", AzureVersions.Storage, filter: null, evidence: null,
                    cancellation))
            {
                return $"the {noun} {AccountFacts.Text(one, "name")}";
            }
        }

        return null;
    }

    private async Task DoAsync(
        string operation, RequestMethod method, string id, JsonObject? body, CancellationToken cancellation) =>
        await site.SendAsync(operation, method, id, AzureVersions.Storage, body, cancellation);
}
