using System.Text.Json.Nodes;
using Azure.Core;

namespace Cloud.Azure.Stores;

/// <summary>
/// Connections of private endpoints: they lead into an account whatever its public network says
/// (https://learn.microsoft.com/azure/storage/common/storage-private-endpoints). Closing rejects those that are
/// approved, and says in each that it did; opening approves these again and no others.
/// </summary>
internal sealed class PrivateDoors(ArmSite site)
{
    private const string Ours = "rejected by byok-operator while the store is closed";

    public static bool AnyOpen(JsonObject account) => Names(account, static (status, _) => status == "Approved").Any();

    public static IReadOnlyList<string> Open(JsonObject account) =>
        [.. Names(account, static (status, _) => status == "Approved")];

    public static IReadOnlyList<string> RejectedByUs(JsonObject account) =>
        [.. Names(account, static (status, why) => status == "Rejected" && why == Ours)];

    public Task RejectAsync(AccountPlace place, string connection, CancellationToken cancellation) =>
        PutAsync(place, connection, "Rejected", Ours, cancellation);

    public Task ApproveAsync(AccountPlace place, string connection, CancellationToken cancellation) =>
        PutAsync(place, connection, "Approved", "", cancellation);

    private async Task PutAsync(
        AccountPlace place, string connection, string status, string why, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["privateLinkServiceConnectionState"] = new JsonObject { ["status"] = status, ["description"] = why },
            },
        };
        var id = $"{place.Id}/privateEndpointConnections/{Uri.EscapeDataString(connection)}";
        await site.SendAsync("arm:PutPrivateEndpointConnection", RequestMethod.Put, id, AzureVersions.Storage, body,
            cancellation);
    }

    /// <summary>An account tells its connections with itself.</summary>
    private static IEnumerable<string> Names(JsonObject account, Func<string?, string?, bool> which) =>
        from connection in ((account["properties"] as JsonObject)?["privateEndpointConnections"] as JsonArray ?? [])
            .OfType<JsonObject>()
        let state = (connection["properties"] as JsonObject)?["privateLinkServiceConnectionState"] as JsonObject
        where which(AccountFacts.Text(state, "status"), AccountFacts.Text(state, "description"))
        let name = AccountFacts.Text(connection, "name")
        where name is not null
        select name;
}
