using System.Text.Json.Nodes;
using LocalCloud.Azure.Vault;

namespace LocalCloud.Azure.Arm;

/// <summary>Vaults as resources: made, changed, deleted, recovered, purged.</summary>
internal sealed class Vaults
{
    private const string Type = "Microsoft.KeyVault/vaults";

    public (string, Func<ArmCall, Task>)? Pick(ArmCall call, string[] types) => (call.Method, types) switch
    {
        ("GET", [var type]) when Is(type, "vaults") => ("ListVaults", List),
        ("GET", [var type, var name]) when Is(type, "vaults") => ("GetVault", call => Get(call, name)),
        ("PUT", [var type, var name]) when Is(type, "vaults") => ("PutVault", call => Put(call, name)),
        ("PATCH", [var type, var name]) when Is(type, "vaults") => ("PatchVault", call => Patch(call, name)),
        ("DELETE", [var type, var name]) when Is(type, "vaults") => ("DeleteVault", call => Delete(call, name)),
        ("GET", [_, _, var type, var name])
            when Is(type, "deletedVaults") => ("GetDeletedVault", call => GetDeleted(call, name)),
        ("POST", [_, _, var type, var name, _])
            when Is(type, "deletedVaults") => ("PurgeVault", call => Purge(call, name)),
        _ => null,
    };

    private static Task List(ArmCall call)
    {
        var scope = call.GroupName is null ? "/subscriptions/" + call.Subscription : call.Group().Id;
        call.Demand(Type + "/read", scope);
        return call.SendListAsync(
            call.Cloud.Vaults.All.Where(one =>
                one.Deleted is null
                    && one.Id.StartsWith(scope + "/", StringComparison.OrdinalIgnoreCase)).Select(VaultDocument.Write));
    }

    private static Task Get(ArmCall call, string name)
    {
        call.Demand(Type + "/read", Id(call, name));
        return call.SendAsync(VaultDocument.Write(Find(call, name)));
    }

    private static async Task Put(ArmCall call, string name)
    {
        call.Demand(Type + "/write", Id(call, name));
        var group = call.Group();
        var body = await call.BodyAsync();
        var properties = body["properties"] as JsonObject ?? throw ArmProblems.InvalidContent();
        var location = Locations.Normal((string?)body["location"] ?? group.Location);
        call.Cloud.Policies.DemandAllowed(name, Type, call.Subscription!, location);
        var existing = call.Cloud.Vaults.Find(name);
        var recovers = string.Equals((string?)properties["createMode"], "recover", StringComparison.OrdinalIgnoreCase);
        if (existing is { Deleted: not null })
        {
            existing.Deleted = recovers ? null : throw new AzureProblem(409, "ConflictError",
                $"A vault with the same name already exists in deleted state. You need to either recover or purge "
                    + $"existing key vault. Vault name: {name}");
        }
        else if (existing is not null && !Is(existing.Id, Id(call, name)))
        {
            throw new AzureProblem(409, "VaultAlreadyExists", $"The name '{name}' is already in use.");
        }
        else
        {
            existing ??= Add(call, name, location, properties);
            Change(call, existing, body, properties);
        }

        await call.SendAsync(VaultDocument.Write(existing));
    }

    private static KeyVault Add(ArmCall call, string name, string location, JsonObject properties)
    {
        if (name.Length is < 3 or > 24 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw ArmProblems.BadRequest("VaultNameNotValid",
                $"The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric characters.");
        }

        var vault = new KeyVault(name, call.Group(), (string?)properties["tenantId"]
            ?? throw ArmProblems.InvalidContent(), location) { Settings = new VaultSettings { UsesRoles = false } };
        return call.Cloud.Vaults.TryAdd(vault) ? vault
            : throw new AzureProblem(409, "VaultAlreadyExists", $"The name '{name}' is already in use.");
    }

    private static void Change(ArmCall call, KeyVault vault, JsonObject body, JsonObject properties)
    {
        vault.Settings = VaultDocument.Read(properties, vault.Settings);
        vault.Tags = body["tags"] is JsonObject tags ? (JsonObject)tags.DeepClone() : vault.Tags;
        call.Cloud.Changes.Touch(call.Now);
    }

    private static async Task Patch(ArmCall call, string name)
    {
        call.Demand(Type + "/write", Id(call, name));
        var vault = Find(call, name);
        var body = await call.BodyAsync();
        Change(call, vault, body, body["properties"] as JsonObject ?? []);
        await call.SendAsync(VaultDocument.Write(vault));
    }

    private static Task Delete(ArmCall call, string name)
    {
        call.Demand(Type + "/delete", Id(call, name));
        if (call.Cloud.Vaults.FindLive(name) is not { } vault || !Is(vault.Id, Id(call, name)))
        {
            return call.Azure.SendEmptyAsync(204);
        }

        vault.Deleted = call.Now;
        call.Cloud.Changes.Touch(call.Now);
        call.Cloud.Roles.RemoveWhere(one => one.Scope.StartsWith(vault.Id, StringComparison.OrdinalIgnoreCase));
        return call.Azure.SendEmptyAsync(200);
    }

    private static Task GetDeleted(ArmCall call, string name)
    {
        call.Demand("Microsoft.KeyVault/locations/deletedVaults/read", "/subscriptions/" + call.Subscription);
        return call.SendAsync(VaultDocument.Write(FindDeleted(call, name)));
    }

    private static Task Purge(ArmCall call, string name)
    {
        call.Demand("Microsoft.KeyVault/locations/deletedVaults/purge/action", "/subscriptions/" + call.Subscription);
        var vault = FindDeleted(call, name);
        if (vault.Settings.PurgeProtection)
        {
            throw ArmProblems.BadRequest("MethodNotAllowed",
                $"Operation 'DeletedVaultPurge' is not allowed: purge protection is enabled for vault '{name}'.");
        }

        call.Cloud.Vaults.Purge(vault);
        return call.Azure.SendEmptyAsync(200);
    }

    private static KeyVault Find(ArmCall call, string name) =>
        call.Cloud.Vaults.FindLive(name) is { } vault && Is(vault.Id, Id(call, name)) ? vault
            : throw ArmProblems.ResourceNotFound(Type, name, call.Group().Name);

    private static KeyVault FindDeleted(ArmCall call, string name) =>
        call.Cloud.Vaults.Find(name) is { Deleted: not null } vault ? vault
            : throw new AzureProblem(404, "DeletedVaultNotFound",
                $"The specified deleted vault '{name}' does not exist.");

    private static string Id(ArmCall call, string name) =>
        $"/subscriptions/{call.Subscription}/resourceGroups/{call.GroupName}/providers/{Type}/{name}";

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
