using System.Text.Json.Nodes;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>Looks through a resource group's accounts for those that an earlier object of the same names left.
/// Changes nothing.</summary>
internal sealed class AccountSearch(ArmSite site)
{
    private const string Operation = "arm:ListStorageAccounts";

    /// <summary>Their tags come with the list, so no account is asked by itself.</summary>
    public async Task<IReadOnlyList<EarlierStore>> FindAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        List<EarlierStore> found = [];
        await foreach (var account
            in site.ListAsync(Operation, place.ListId, AzureVersions.Storage, filter: null, evidence: null,
                cancellation))
        {
            if (EarlierIn(account, spec, place, search) is { } earlier)
            {
                found.Add(earlier);
            }
        }

        return found;
    }

    private static EarlierStore? EarlierIn(
        JsonObject account, StoreSpec spec, AccountPlace place, StoreSearch search) =>
        AccountFacts.Text(account, "name") is { } name && !search.IsKnown(name) && AccountLook.TagOf(account) is { } tag
            && tag.IsEarlierOf(spec)
            ? new EarlierStore($"{name}/{place.Container}", AccountFacts.Text(account, "location") ?? spec.Store.Region,
                tag.Identity)
            : null;
}
