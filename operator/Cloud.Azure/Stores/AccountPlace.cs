using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>A store's account and container, and what Resource Manager calls them. Pure.</summary>
internal sealed record AccountPlace(string Subscription, string Group, string Account, string Container)
{
    public string Id =>
        $"/subscriptions/{Uri.EscapeDataString(Subscription)}/resourceGroups/{Uri.EscapeDataString(Group)}/providers/Microsoft.Storage/storageAccounts/{Account}";

    /// <summary>Every account of the group.</summary>
    public string ListId => Id[..^(Account.Length + 1)];

    public string BlobServiceId => Id + "/blobServices/default";

    public string ContainerId => $"{BlobServiceId}/containers/{Container}";

    public static AccountPlace Of(StoreRef store) =>
        store.Name.Split('/') is [{ Length: > 0 } account, { Length: > 0 } container]
        && store.Scope?.Split('/') is [{ Length: > 0 } subscription, { Length: > 0 } group]
            ? new AccountPlace(subscription, group, account, container)
            : throw new CloudException(
                new CloudProblem.Refused("StoreNameInvalid",
                    $"'{store.Name}' in '{store.Scope}' is not ACCOUNT/CONTAINER in SUBSCRIPTION/GROUP"),
                        "arm:Address");
}
