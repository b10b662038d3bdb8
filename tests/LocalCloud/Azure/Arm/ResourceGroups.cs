using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Arm;

/// <summary>Subscriptions, resource groups, and the providers' lists of API versions.</summary>
internal sealed class ResourceGroups
{
    private static readonly Dictionary<string, (string Type, string Version)[]> Providers =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["Microsoft.Storage"] = [("storageAccounts", "2024-01-01"), ("storageAccounts/blobServices", "2024-01-01"),
                ("storageAccounts/blobServices/containers", "2024-01-01")],
            ["Microsoft.KeyVault"] = [("vaults", "2024-11-01")],
            ["Microsoft.ManagedIdentity"] = [("userAssignedIdentities", "2023-01-31"),
                ("userAssignedIdentities/federatedIdentityCredentials", "2023-01-31")],
            ["Microsoft.Authorization"] = [("roleAssignments", "2022-04-01"), ("roleDefinitions", "2022-04-01")],
            ["Microsoft.Resources"] = [("resourceGroups", "2022-09-01"), ("subscriptions", "2022-09-01")],
        };

    public (string, Func<ArmCall, Task>)? Pick(ArmCall call) => (call.Method, call.Parts) switch
    {
        ("GET", [_]) when call.Is(0, "subscriptions") => ("ListSubscriptions", ListSubscriptions),
        ("GET", [_, _])
            when call.Is(0, "subscriptions") =>
                ("GetSubscription", call => call.SendAsync(Subscription(call, call.Subscription!))),
        ("GET", [_, _, _, var provider])
            when call.Is(2, "providers") => ("GetProvider", call => GetProvider(call, provider)),
        ("GET", [_, _, _]) when call.Is(2, "resourceGroups") => ("ListResourceGroups", ListGroups),
        ("GET" or "HEAD", [_, _, _, _]) when call.GroupName is not null => ("GetResourceGroup", GetGroup),
        ("PUT" or "PATCH", [_, _, _, _]) when call.GroupName is not null => ("PutResourceGroup", PutGroup),
        ("DELETE", [_, _, _, _]) when call.GroupName is not null => ("DeleteResourceGroup", DeleteGroup),
        _ => null,
    };

    private static Task ListSubscriptions(ArmCall call) =>
        call.SendListAsync(call.Cloud.Subscriptions.In(call.Azure.Caller!.Tenant)
            .Select(one => Subscription(call, one)));

    private static JsonObject Subscription(ArmCall call, string id) => new()
    {
        ["id"] = "/subscriptions/" + id,
        ["subscriptionId"] = id,
        ["tenantId"] = call.Cloud.Subscriptions.TenantOf(id),
        ["displayName"] = "LocalCloud",
        ["state"] = "Enabled",
    };

    private static Task GetProvider(ArmCall call, string provider)
    {
        var types = Providers.GetValueOrDefault(provider)
            ?? throw new AzureProblem(404, "InvalidResourceNamespace",
                $"The resource namespace '{provider}' is invalid.");
        return call.SendAsync(new JsonObject
        {
            ["id"] = $"/subscriptions/{call.Subscription}/providers/{provider}",
            ["namespace"] = provider,
            ["registrationState"] = "Registered",
            ["resourceTypes"] = new JsonArray([.. types.Select(type => new JsonObject
            {
                ["resourceType"] = type.Type,
                ["locations"] = new JsonArray([.. Locations.All.Select(one => JsonValue.Create(one))]),
                ["apiVersions"] = new JsonArray(type.Version),
                ["defaultApiVersion"] = type.Version,
            })]),
        });
    }

    private static Task ListGroups(ArmCall call)
    {
        call.Demand("Microsoft.Resources/subscriptions/resourceGroups/read", "/subscriptions/" + call.Subscription);
        return call.SendListAsync(call.Cloud.Subscriptions.GroupsOf(call.Subscription!).Select(ToJson));
    }

    private static Task GetGroup(ArmCall call)
    {
        call.Demand("Microsoft.Resources/subscriptions/resourceGroups/read", Id(call));
        var group = call.Group();
        return call.Method == "HEAD" ? call.Azure.SendEmptyAsync(204) : call.SendAsync(ToJson(group));
    }

    private static async Task PutGroup(ArmCall call)
    {
        call.Demand("Microsoft.Resources/subscriptions/resourceGroups/write", Id(call));
        var body = await call.BodyAsync();
        var existing = call.Cloud.Subscriptions.FindGroup(call.Subscription!, call.GroupName!);
        var location = Locations.Normal((string?)body["location"] ?? existing?.Location
            ?? throw ArmProblems.BadRequest("LocationRequired",
                "The location property is required for this definition."));
        if (existing is not null && existing.Location != location)
        {
            throw ArmProblems.InvalidLocation(call.GroupName!, existing.Location, location);
        }

        call.Cloud.Policies.DemandAllowed(call.GroupName!, "Microsoft.Resources/resourceGroups", call.Subscription!,
            location);
        var group = call.Cloud.Subscriptions.Put(
            new ResourceGroup(call.Subscription!, existing?.Name ?? call.GroupName!,
                location) { Tags = body["tags"] as JsonObject is { } tags ? (JsonObject)tags.DeepClone()
                    : existing?.Tags ?? [] });
        await call.SendAsync(ToJson(group), existing is null ? 201 : 200);
    }

    private static Task DeleteGroup(ArmCall call)
    {
        call.Demand("Microsoft.Resources/subscriptions/resourceGroups/delete", Id(call));
        var group = call.Group();
        foreach (var account in call.Cloud.Accounts.All.Where(one => one.Group.Id == group.Id).ToArray())
        {
            call.Cloud.Accounts.Remove(account);
        }

        call.Cloud.Subscriptions.RemoveGroup(group);
        return call.Azure.SendEmptyAsync(200);
    }

    private static string Id(ArmCall call) => $"/subscriptions/{call.Subscription}/resourceGroups/{call.GroupName}";

    private static JsonObject ToJson(ResourceGroup group) => new()
    {
        ["id"] = group.Id,
        ["name"] = group.Name,
        ["type"] = "Microsoft.Resources/resourceGroups",
        ["location"] = group.Location,
        ["tags"] = group.Tags.DeepClone(),
        ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" },
    };
}
