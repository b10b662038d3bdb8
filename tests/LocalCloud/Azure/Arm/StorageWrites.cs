using System.Text.Json.Nodes;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Arm;

/// <summary>Making and changing storage accounts: everything is checked before anything is kept.</summary>
internal sealed class StorageWrites(KeyLink keys)
{
    private const string AssignAction = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";

    public async Task Put(ArmCall call, string name)
    {
        call.Demand(StorageAccounts.Type + "/write", StorageAccounts.Id(call, name));
        var group = call.Group();
        var body = await call.BodyAsync();
        if (!StorageAccounts.IsValid(name))
        {
            throw ArmProblems.NameInvalid(name);
        }

        var location = Locations.Normal((string?)body["location"]
            ?? throw ArmProblems.BadRequest("LocationRequired",
                "The location property is required for this definition."));
        if (call.Cloud.Accounts.Find(name) is { } existing)
        {
            await PutExisting(call, existing, body, location);
            return;
        }

        call.Cloud.Policies.DemandAllowed(name, StorageAccounts.Type, call.Subscription!, location, body);
        if (body["sku"]?["name"] is null || body["kind"] is null)
        {
            throw ArmProblems.InvalidValues("sku,kind");
        }

        var account = new StorageAccount(name, group, location, call.Now);
        Change(call, account, body, isNew: true);
        account.BusyUntil = call.Now + call.Cloud.Switches.OperationTime.Value;
        if (!call.Cloud.Accounts.TryAdd(account))
        {
            throw ArmProblems.NameTaken(name);
        }

        PointTo(call, account);
        await call.Azure.SendEmptyAsync(202);
    }

    public async Task Patch(ArmCall call, string name)
    {
        call.Demand(StorageAccounts.Type + "/write", StorageAccounts.Id(call, name));
        var account = StorageAccounts.Find(call, name);
        var body = await call.BodyAsync();
        DemandIdle(call, account);
        call.Cloud.Policies.DemandAllowed(name, StorageAccounts.Type, call.Subscription!, account.Location, body);
        Change(call, account, body, isNew: false);
        await call.SendAsync(StorageDocument.Write(account, call.Now));
    }

    public static string OperationOf(StorageAccount account) => $"{account.Name}-{account.Created.UtcTicks:x}";

    public static void PointTo(ArmCall call, StorageAccount account)
    {
        var uri =
            $"https://{AzureAddress.Arm}/subscriptions/{account.Group.Subscription}/providers/Microsoft.Storage/locations/{account.Location}/asyncoperations/{OperationOf(account)}?api-version={call.Azure.Query["api-version"]}";
        var headers = call.Azure.Response.Headers;
        headers.RetryAfter = "0";
        if (call.Cloud.Switches.UseStatusDocuments)
        {
            headers["Azure-AsyncOperation"] = uri;
        }
        else
        {
            headers.Location = uri + "&monitor=true";
        }
    }

    private async Task PutExisting(ArmCall call, StorageAccount account, JsonObject body, string location)
    {
        if (!string.Equals(account.Id, StorageAccounts.Id(call, account.Name), StringComparison.OrdinalIgnoreCase))
        {
            throw ArmProblems.NameTaken(account.Name);
        }

        if (account.Location != location)
        {
            throw ArmProblems.InvalidLocation(account.Name, account.Location, location);
        }

        DemandIdle(call, account);
        Change(call, account, body, isNew: false);
        await call.SendAsync(StorageDocument.Write(account, call.Now));
    }

    private static void DemandIdle(ArmCall call, StorageAccount account)
    {
        if (call.Now < account.BusyUntil)
        {
            throw ArmProblems.Busy();
        }
    }

    private void Change(ArmCall call, StorageAccount account, JsonObject body, bool isNew)
    {
        lock (account.Gate)
        {
            ChangeLocked(call, account, body, isNew);
        }
    }

    private void ChangeLocked(ArmCall call, StorageAccount account, JsonObject body, bool isNew)
    {
        var head = (JsonObject)account.Head.DeepClone();
        foreach (var name in new[] { "sku", "kind", "identity", "tags" })
        {
            if (body[name] is { } given)
            {
                head[name] = given.DeepClone();
            }
        }

        var wanted = body["properties"] as JsonObject ?? [];
        var properties = StorageDocument.Merge(account, wanted, isNew);
        DemandIdentities(call, body["identity"]?["userAssignedIdentities"] as JsonObject);
        var encryption = StorageDocument.ReadEncryption(wanted, properties, head);
        if (wanted["encryption"] is not null)
        {
            Encrypt(account, encryption);
        }

        Describe(call, head["identity"]?["userAssignedIdentities"] as JsonObject);
        account.Head = head;
        account.Put(properties);
    }

    private void Encrypt(StorageAccount account, AccountEncryption? encryption)
    {
        if (encryption is null)
        {
            keys.Unbind(account);
        }
        else
        {
            keys.Bind(account, encryption);
        }
    }

    /// <summary>ARM shows each identity's ids beside its resource id.</summary>
    private static void Describe(ArmCall call, JsonObject? identities)
    {
        foreach (var id in identities?.Select(one => one.Key).ToArray() ?? [])
        {
            if (call.Cloud.Directory.FindIdentity(id) is { } app)
            {
                identities![id] = new JsonObject
                {
                    ["clientId"] = app.ClientId,
                    ["principalId"] = call.Cloud.Directory.ObjectIdOf(app.HomeTenant, app.ClientId),
                };
            }
        }
    }

    private static void DemandIdentities(ArmCall call, JsonObject? identities)
    {
        foreach (var (id, wanted) in identities ?? [])
        {
            if (wanted is null)
            {
                continue;
            }

            if (!call.May(AssignAction, id))
            {
                throw ArmProblems.LinkedForbidden(call.Azure.Caller!, AssignAction, id);
            }

            if (call.Cloud.Directory.FindIdentity(id) is null)
            {
                throw ArmProblems.NoIdentity(id);
            }
        }
    }
}
