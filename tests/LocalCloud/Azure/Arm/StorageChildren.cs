using System.Text.Json.Nodes;
using LocalCloud.Azure.Blob;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Arm;

/// <summary>The blob service of an account and its containers, as resources.</summary>
internal sealed class StorageChildren
{
    private const string Type = StorageAccounts.Type + "/blobServices";

    public (string, Func<ArmCall, Task>)? Pick(ArmCall call, string[] types)
    {
        if (types is not [_, var account, var service, ..]
            || !string.Equals(service, "blobServices", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return (call.Method, types) switch
        {
            ("GET", [_, _, _, _]) => ("GetBlobService", call => GetService(call, account)),
            ("PUT" or "PATCH", [_, _, _, _]) => ("PutBlobService", call => PutService(call, account)),
            ("GET", [_, _, _, _, _]) => ("ListContainers", call => List(call, account)),
            ("GET", [_, _, _, _, _, var name]) => ("GetContainer", call => Get(call, account, name)),
            ("PUT" or "PATCH", [_, _, _, _, _, var name]) => ("PutContainer", call => Put(call, account, name)),
            ("DELETE", [_, _, _, _, _, var name]) => ("DeleteContainer", call => Delete(call, account, name)),
            _ => null,
        };
    }

    private static Task GetService(ArmCall call, string name)
    {
        call.Demand(Type + "/read", StorageAccounts.Id(call, name));
        return call.SendAsync(ToJson(StorageAccounts.Find(call, name)));
    }

    private static async Task PutService(ArmCall call, string name)
    {
        call.Demand(Type + "/write", StorageAccounts.Id(call, name));
        var account = StorageAccounts.Find(call, name);
        var wanted = (await call.BodyAsync())["properties"] as JsonObject ?? [];
        lock (account.Gate)
        {
            var merged = (JsonObject)account.BlobService.DeepClone();
            foreach (var (property, value) in wanted)
            {
                merged[property] = value?.DeepClone();
            }

            account.PutBlobService(merged);
        }

        await call.SendAsync(ToJson(account));
    }

    private static Task List(ArmCall call, string name)
    {
        call.Demand(Type + "/containers/read", StorageAccounts.Id(call, name));
        var account = StorageAccounts.Find(call, name);
        return call.SendListAsync(account.Containers.Values.Where(one => one.Deleted is null)
            .OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => ToJson(account, one)));
    }

    private static Task Get(ArmCall call, string accountName, string name)
    {
        call.Demand(Type + "/containers/read", Id(call, accountName, name));
        var account = StorageAccounts.Find(call, accountName);
        return call.SendAsync(ToJson(account, Find(account, name)));
    }

    private static async Task Put(ArmCall call, string accountName, string name)
    {
        call.Demand(Type + "/containers/write", Id(call, accountName, name));
        var account = StorageAccounts.Find(call, accountName);
        var body = await call.BodyAsync();
        if (!Container.IsValid(name))
        {
            throw ArmProblems.BadRequest("ContainerNameInvalid", "The specified container name is not valid.");
        }

        var isNew = account.Containers.GetValueOrDefault(name) is not { Deleted: null };
        var container = isNew ? account.Containers[name] = new Container(name, call.Now) : account.Containers[name];
        foreach (var (key, value) in body["properties"]?["metadata"] as JsonObject ?? [])
        {
            container.Metadata = [.. container.Metadata.Where(one => one.Key != key), new(key, (string?)value ?? "")];
        }

        await call.SendAsync(ToJson(account, container), isNew ? 201 : 200);
    }

    private static Task Delete(ArmCall call, string accountName, string name)
    {
        call.Demand(Type + "/containers/delete", Id(call, accountName, name));
        var account = StorageAccounts.Find(call, accountName);
        return call.Azure.SendEmptyAsync(account.Containers.TryRemove(name, out _) ? 200 : 204);
    }

    private static Container Find(StorageAccount account, string name) =>
        account.Containers.GetValueOrDefault(name) is { Deleted: null } found ? found
            : throw new AzureProblem(404, "ContainerNotFound", "The specified container does not exist.");

    private static string Id(ArmCall call, string account, string container) =>
        $"{StorageAccounts.Id(call, account)}/blobServices/default/containers/{container}";

    private static JsonObject ToJson(StorageAccount account)
    {
        lock (account.Gate)
        {
            return new JsonObject
            {
                ["id"] = account.Id + "/blobServices/default",
                ["name"] = "default",
                ["type"] = Type,
                ["properties"] = account.BlobService.DeepClone(),
            };
        }
    }

    private static JsonObject ToJson(StorageAccount account, Container container) => new()
    {
        ["id"] = $"{account.Id}/blobServices/default/containers/{container.Name}",
        ["name"] = container.Name,
        ["type"] = Type + "/containers",
        ["properties"] = new JsonObject
        {
            ["publicAccess"] = "None",
            ["defaultEncryptionScope"] = container.Scope ?? "$account-encryption-key",
            ["denyEncryptionScopeOverride"] = false,
            ["lastModifiedTime"] = ArmText.Time(container.Modified),
            ["metadata"] = new JsonObject(
                container.Metadata.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, one.Value))),
        },
    };
}
