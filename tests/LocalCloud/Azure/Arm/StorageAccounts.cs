using System.Text.Json.Nodes;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Arm;

/// <summary>Storage accounts as resources.</summary>
internal sealed class StorageAccounts(KeyLink keys)
{
    public const string Type = "Microsoft.Storage/storageAccounts";

    private readonly StorageWrites writes = new(keys);

    public (string, Func<ArmCall, Task>)? Pick(ArmCall call, string[] types) => (call.Method, types) switch
    {
        ("POST", [var verb]) when Is(verb, "checkNameAvailability") => ("CheckNameAvailability", CheckName),
        ("GET", [var type]) when Is(type, "storageAccounts") => ("ListStorageAccounts", List),
        ("GET", [_, _, var type, var id])
            when Is(type, "asyncoperations") => ("GetOperation", call => GetOperation(call, id)),
        ("GET", [var type, var name])
            when Is(type, "storageAccounts") => ("GetStorageAccount", call => Get(call, name)),
        ("PUT", [var type, var name])
            when Is(type, "storageAccounts") => ("PutStorageAccount", call => writes.Put(call, name)),
        ("PATCH", [var type, var name])
            when Is(type, "storageAccounts") => ("PatchStorageAccount", call => writes.Patch(call, name)),
        ("DELETE", [var type, var name])
            when Is(type, "storageAccounts") => ("DeleteStorageAccount", call => Delete(call, name)),
        ("POST", [_, var name, var verb]) when Is(verb, "listKeys") => ("ListKeys", call => ListKeys(call, name)),
        ("POST", [_, var name, var verb])
            when Is(verb, "regenerateKey") => ("RegenerateKey", call => RegenerateKey(call, name)),
        ("POST", [_, var name, var verb])
            when Is(verb, "revokeUserDelegationKeys") => ("RevokeUserDelegationKeys", call => Revoke(call, name)),
        _ => null,
    };

    public static string Id(ArmCall call, string name) =>
        $"/subscriptions/{call.Subscription}/resourceGroups/{call.GroupName}/providers/{Type}/{name}";

    public static StorageAccount Find(ArmCall call, string name)
    {
        var group = call.Group();
        return call.Cloud.Accounts.Find(name) is { } account && Is(account.Id, Id(call, name)) ? account
            : throw ArmProblems.ResourceNotFound(Type, name, group.Name);
    }

    private static async Task CheckName(ArmCall call)
    {
        call.Demand("Microsoft.Storage/checknameavailability/read", "/subscriptions/" + call.Subscription);
        var name = (string?)(await call.BodyAsync())["name"] ?? "";
        var answer = new JsonObject { ["nameAvailable"] = true };
        if (!IsValid(name))
        {
            answer = new JsonObject
            {
                ["nameAvailable"] = false,
                ["reason"] = "AccountNameInvalid",
                ["message"] = ArmProblems.NameInvalid(name).Message,
            };
        }
        else if (call.Cloud.Accounts.Find(name) is not null)
        {
            answer = new JsonObject
            {
                ["nameAvailable"] = false,
                ["reason"] = "AlreadyExists",
                ["message"] = ArmProblems.NameTaken(name).Message,
            };
        }

        await call.SendAsync(answer);
    }

    public static bool IsValid(string name) =>
        name.Length is >= 3 and <= 24 && name.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c));

    private Task List(ArmCall call)
    {
        var scope = call.GroupName is null ? "/subscriptions/" + call.Subscription : call.Group().Id;
        call.Demand(Type + "/read", scope);
        return call.SendListAsync(
            call.Cloud.Accounts.All.Where(one => one.Id.StartsWith(scope + "/", StringComparison.OrdinalIgnoreCase))
                .Select(one => Describe(call, one)));
    }

    private Task Get(ArmCall call, string name)
    {
        call.Demand(Type + "/read", Id(call, name));
        return call.SendAsync(Describe(call, Find(call, name)));
    }

    /// <summary>Follows the tenant's key first: what is shown is what holds.</summary>
    private JsonObject Describe(ArmCall call, StorageAccount account)
    {
        keys.Follow(account);
        return StorageDocument.Write(account, call.Now);
    }

    private static Task Delete(ArmCall call, string name)
    {
        call.Demand(Type + "/delete", Id(call, name));
        call.Group();
        if (call.Cloud.Accounts.Find(name) is not { } account || !Is(account.Id, Id(call, name)))
        {
            return call.Azure.SendEmptyAsync(204);
        }

        call.Cloud.Accounts.Remove(account);
        call.Cloud.Roles.RemoveWhere(one => one.Scope.StartsWith(account.Id, StringComparison.OrdinalIgnoreCase));
        return call.Azure.SendEmptyAsync(200);
    }

    /// <summary>The operation's name is the account's id, for there is never more than one per account.</summary>
    private Task GetOperation(ArmCall call, string id)
    {
        var account = call.Cloud.Accounts.All.FirstOrDefault(one => StorageWrites.OperationOf(one) == id)
            ?? throw new AzureProblem(404, "OperationNotFound", "The operation was not found.");
        var done = call.Now >= account.BusyUntil;
        if (call.Azure.Query["monitor"] == "true")
        {
            if (done)
            {
                return call.SendAsync(Describe(call, account));
            }

            StorageWrites.PointTo(call, account);
            return call.Azure.SendEmptyAsync(202);
        }

        call.Azure.Response.Headers.RetryAfter = "0";
        return call.SendAsync(
            new JsonObject { ["id"] = call.Azure.Path, ["name"] = id, ["status"] = done ? "Succeeded" : "InProgress" });
    }

    private static Task ListKeys(ArmCall call, string name)
    {
        call.Demand(Type + "/listkeys/action", Id(call, name));
        return call.SendAsync(Keys(Find(call, name)));
    }

    private static async Task RegenerateKey(ArmCall call, string name)
    {
        call.Demand(Type + "/regeneratekey/action", Id(call, name));
        var account = Find(call, name);
        var wanted = (string?)(await call.BodyAsync())["keyName"] ?? "";
        if (account.Keys.All(key => key.Name != wanted))
        {
            throw ArmProblems.InvalidValues("keyName");
        }

        lock (account.Gate)
        {
            account.Keys =
                [.. account.Keys.Select(key => key.Name == wanted ? AccountKey.New(key.Name, call.Now) : key)];
        }

        await call.SendAsync(Keys(account));
    }

    private static Task Revoke(ArmCall call, string name)
    {
        call.Demand(Type + "/revokeUserDelegationKeys/action", Id(call, name));
        Find(call, name).DelegationsVoidBefore = call.Now;
        return call.Azure.SendEmptyAsync(200);
    }

    private static JsonObject Keys(StorageAccount account) => new()
    {
        ["keys"] = new JsonArray([.. account.Keys.Select(key => new JsonObject
        {
            ["creationTime"] = ArmText.Time(key.Created),
            ["keyName"] = key.Name,
            ["value"] = Convert.ToBase64String(key.Value),
            ["permissions"] = "FULL",
        })]),
    };

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
