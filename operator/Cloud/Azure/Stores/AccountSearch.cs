using System.Text.Json.Nodes;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>Looks through a resource group's accounts for those that an earlier object of the same names left. Changes nothing.</summary>
internal sealed class AccountSearch(ArmSite site)
{
    private const string Operation = "arm:ListStorageAccounts";

    /// <summary>A subscription holds 500 accounts in a region by request.</summary>
    private const int MostPages = 100;

    /// <summary>Their tags come with the list, so no account is asked by itself.</summary>
    public async Task<IReadOnlyList<EarlierStore>> FindAsync(StoreSpec spec, StoreSearch search, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(spec.Store);
        List<EarlierStore> found = [];
        var (reply, page) = await site.SendAsync(Operation, RequestMethod.Get, place.ListId, AzureVersions.Storage, body: null, cancellation);
        reply.Dispose();
        for (var pages = 1; ; pages++)
        {
            found.AddRange(In(page, spec, place, search));
            if (AccountFacts.Text(page, "nextLink") is not { } next)
            {
                return found;
            }

            if (pages == MostPages || !Uri.TryCreate(next, UriKind.Absolute, out var address))
            {
                throw new CloudException(new CloudProblem.Refused("TooManyAccounts", "the resource group lists more accounts than Azure allows"), Operation);
            }

            using var following = await site.FollowAsync(address, cancellation);
            page = ArmSite.Read(following);
        }
    }

    private static IEnumerable<EarlierStore> In(JsonObject page, StoreSpec spec, AccountPlace place, StoreSearch search) =>
        from account in (page["value"] as JsonArray ?? []).OfType<JsonObject>()
        let name = AccountFacts.Text(account, "name")
        where name is not null && !search.IsKnown(name)
        let tag = AccountLook.TagOf(account)
        where tag?.IsEarlierOf(spec) == true
        select new EarlierStore($"{name}/{place.Container}", AccountFacts.Text(account, "location") ?? spec.Store.Region, tag.Identity);
}
