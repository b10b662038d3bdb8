using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Arm;

/// <summary>What stands in an account's services beside blobs, as resources: names without content.</summary>
internal sealed class StorageOthers
{
    private static readonly (string Service, string Children, string Noun)[] Services =
        [("fileServices", "shares", "Share"), ("queueServices", "queues", "Queue"),
            ("tableServices", "tables", "Table")];

    public (string, Func<ArmCall, Task>)? Pick(ArmCall call, string[] types)
    {
        if (types is not [_, var account, var service, _, var children, ..]
            || Array.Find(Services,
                one => Is(one.Service, service) && Is(one.Children, children)) is not { Noun: { } noun } known)
        {
            return null;
        }

        var type = $"{StorageAccounts.Type}/{known.Service}/{known.Children}";
        return (call.Method, types) switch
        {
            ("GET", [_, _, _, _, _]) =>
                (noun == "Share" ? "ListFileShares" : $"List{noun}s", call => List(call, account, type)),
            ("PUT", [_, _, _, _, _, var name]) => ($"Put{noun}", call => Put(call, account, type, name)),
            ("DELETE", [_, _, _, _, _, var name]) => ($"Delete{noun}", call => Delete(call, account, type, name)),
            _ => null,
        };
    }

    private static Task List(ArmCall call, string name, string type)
    {
        call.Demand(type + "/read", StorageAccounts.Id(call, name));
        var account = StorageAccounts.Find(call, name);
        return call.SendListAsync(account.Others.Keys.Where(one => one.Type == type)
            .OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => ToJson(account.Id, one)));
    }

    private static Task Put(ArmCall call, string name, string type, string child)
    {
        call.Demand(type + "/write", StorageAccounts.Id(call, name));
        var account = StorageAccounts.Find(call, name);
        var isNew = account.Others.TryAdd((type, child), 0);
        return call.SendAsync(ToJson(account.Id, (type, child)), isNew ? 201 : 200);
    }

    private static Task Delete(ArmCall call, string name, string type, string child)
    {
        call.Demand(type + "/delete", StorageAccounts.Id(call, name));
        return call.Azure.SendEmptyAsync(StorageAccounts.Find(call, name).Others.TryRemove((type, child), out _) ? 200
            : 204);
    }

    private static JsonObject ToJson(string account, (string Type, string Name) one)
    {
        var parts = one.Type.Split('/');
        return new JsonObject
        {
            ["id"] = $"{account}/{parts[^2]}/default/{parts[^1]}/{one.Name}",
            ["name"] = one.Name,
            ["type"] = one.Type,
        };
    }

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
