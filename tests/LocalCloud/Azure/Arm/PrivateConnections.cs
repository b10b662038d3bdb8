using System.Text.Json.Nodes;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Arm;

/// <summary>The connections of private endpoints to an account, as resources
/// (https://learn.microsoft.com/rest/api/storagerp/private-endpoint-connections).</summary>
internal sealed class PrivateConnections
{
    private const string Segment = "privateEndpointConnections";
    private const string Type = StorageAccounts.Type + "/" + Segment;

    public (string, Func<ArmCall, Task>)? Pick(ArmCall call, string[] types)
    {
        if (types is not [_, var account, var segment, ..]
            || !string.Equals(segment, Segment, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return (call.Method, types) switch
        {
            ("GET", [_, _, _]) => ("ListPrivateEndpointConnections", call => List(call, account)),
            ("GET", [_, _, _, var name]) => ("GetPrivateEndpointConnection", call => Get(call, account, name)),
            ("PUT", [_, _, _, var name]) => ("PutPrivateEndpointConnection", call => Put(call, account, name)),
            ("DELETE", [_, _, _, var name]) => ("DeletePrivateEndpointConnection", call => Delete(call, account, name)),
            _ => null,
        };
    }

    public static JsonArray Write(StorageAccount account) =>
        [.. account.Connections.Values.OrderBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => (JsonNode)ToJson(account, one))];

    private static Task List(ArmCall call, string account)
    {
        call.Demand(Type + "/read", StorageAccounts.Id(call, account));
        var found = StorageAccounts.Find(call, account);
        return call.SendListAsync(found.Connections.Values.Select(one => ToJson(found, one)));
    }

    private static Task Get(ArmCall call, string account, string name)
    {
        call.Demand(Type + "/read", StorageAccounts.Id(call, account));
        var found = StorageAccounts.Find(call, account);
        return call.SendAsync(ToJson(found, Find(found, name)));
    }

    /// <summary>Approves or rejects; a connection is made by its private endpoint alone.</summary>
    private static async Task Put(ArmCall call, string account, string name)
    {
        call.Demand(Type + "/write", StorageAccounts.Id(call, account));
        var found = StorageAccounts.Find(call, account);
        var wanted = (await call.BodyAsync())["properties"]?["privateLinkServiceConnectionState"];
        if ((string?)wanted?["status"] is not ("Approved" or "Rejected" or "Pending"))
        {
            throw ArmProblems.InvalidValues("properties.privateLinkServiceConnectionState.status");
        }

        var changed = Find(found, name) with
        {
            Status = (string)wanted["status"]!,
            Description = (string?)wanted["description"] ?? "",
        };
        found.Connections[changed.Name] = changed;
        await call.SendAsync(ToJson(found, changed));
    }

    private static Task Delete(ArmCall call, string account, string name)
    {
        call.Demand(Type + "/delete", StorageAccounts.Id(call, account));
        return call.Azure.SendEmptyAsync(StorageAccounts.Find(call, account).Connections.TryRemove(name, out _) ? 200
            : 204);
    }

    private static PrivateConnection Find(StorageAccount account, string name) =>
        account.Connections.GetValueOrDefault(name)
            ?? throw new AzureProblem(404, "PrivateEndpointConnectionNotFound",
                $"The private endpoint connection '{name}' was not found.");

    private static JsonObject ToJson(StorageAccount account, PrivateConnection one) => new()
    {
        ["id"] = $"{account.Id}/{Segment}/{one.Name}",
        ["name"] = one.Name,
        ["type"] = Type,
        ["properties"] = new JsonObject
        {
            ["provisioningState"] = "Succeeded",
            ["privateEndpoint"] = new JsonObject
            {
                ["id"] =
                    $"/subscriptions/{account.Group.Subscription}/resourceGroups/net/providers/Microsoft.Network/privateEndpoints/{one.Name}",
            },
            ["privateLinkServiceConnectionState"] = new JsonObject
            {
                ["status"] = one.Status,
                ["description"] = one.Description,
                ["actionRequired"] = "None",
            },
        },
    };
}
