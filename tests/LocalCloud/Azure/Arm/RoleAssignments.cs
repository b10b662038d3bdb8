using System.Text.Json.Nodes;
using LocalCloud.Azure.Roles;

namespace LocalCloud.Azure.Arm;

/// <summary>Role assignments at any scope, and the definitions they name.</summary>
internal sealed class RoleAssignments
{
    private const string Type = "Microsoft.Authorization/roleAssignments";

    public (string, Func<ArmCall, Task>)? Pick(ArmCall call, int providers, string[] types)
    {
        var scope = "/" + string.Join('/', call.Parts.Take(providers));
        return (call.Method, types) switch
        {
            ("GET", [var type]) when Is(type, "roleAssignments") => ("ListRoleAssignments", call => List(call, scope)),
            ("GET", [var type, var name])
                when Is(type, "roleAssignments") => ("GetRoleAssignment", call => Get(call, scope, name)),
            ("PUT", [var type, var name])
                when Is(type, "roleAssignments") => ("PutRoleAssignment", call => Put(call, scope, name)),
            ("DELETE", [var type, var name])
                when Is(type, "roleAssignments") => ("DeleteRoleAssignment", call => Delete(call, scope, name)),
            ("GET", [var type])
                when Is(type, "roleDefinitions") => ("ListRoleDefinitions", call => ListDefinitions(call, scope)),
            ("GET", [var type, var id])
                when Is(type, "roleDefinitions") =>
                    ("GetRoleDefinition", call => call.SendAsync(ToJson(BuiltInRoles.Find(id) ?? throw NoRole(id)))),
            _ => null,
        };
    }

    private static Task List(ArmCall call, string scope)
    {
        call.Demand(Type + "/read", scope);
        var filter = call.Azure.Query["$filter"] ?? "";
        var principal = filter.Split('\'') is [var head, var id, ..]
            && head.Contains("principalId", StringComparison.OrdinalIgnoreCase) ? id : null;
        var atScope = filter.StartsWith("atScope", StringComparison.OrdinalIgnoreCase);
        return call.SendListAsync(call.Cloud.Roles.All
            .Where(one =>
                one.Covers(scope) || (!atScope && one.Scope.StartsWith(scope, StringComparison.OrdinalIgnoreCase)))
            .Where(one => principal is null || one.PrincipalId == principal).Select(ToJson));
    }

    private static Task Get(ArmCall call, string scope, string name)
    {
        call.Demand(Type + "/read", scope);
        return call.SendAsync(
            ToJson(Find(call, scope, name)
                ?? throw new AzureProblem(404, "RoleAssignmentNotFound",
                    $"The role assignment '{name}' is not found.")));
    }

    private static async Task Put(ArmCall call, string scope, string name)
    {
        call.Demand(Type + "/write", scope);
        if (!Guid.TryParse(name, out _))
        {
            throw ArmProblems.BadRequest("InvalidRoleAssignmentId",
                $"The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.");
        }

        var properties = (await call.BodyAsync())["properties"] as JsonObject ?? throw ArmProblems.InvalidContent();
        var role = BuiltInRoles.Find((string?)properties["roleDefinitionId"] ?? "")
            ?? throw NoRole((string?)properties["roleDefinitionId"]);
        var principal = (string?)properties["principalId"] ?? throw ArmProblems.InvalidContent();
        if (!call.Cloud.Directory.HasPrincipal(call.Azure.Caller!.Tenant, principal))
        {
            throw ArmProblems.BadRequest("PrincipalNotFound",
                $"Principal {principal} does not exist in the directory {call.Azure.Caller.Tenant}. Check that you "
                    + "have the correct principal ID.");
        }

        if (call.Cloud.Roles.Add(name, scope, role, principal, condition: ConditionOf(properties)) is not null)
        {
            throw new AzureProblem(409, "RoleAssignmentExists", "The role assignment already exists.");
        }

        await call.SendAsync(ToJson(call.Cloud.Roles.Find(name)!), 201);
    }

    private static RoleCondition? ConditionOf(JsonObject properties)
    {
        if ((string?)properties["condition"] is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return (string?)properties["conditionVersion"] is null or "2.0" ? RoleCondition.Parse(text)
                : throw new FormatException("another version than 2.0");
        }
        catch (FormatException malformed)
        {
            throw ArmProblems.BadRequest("BadRequestFormat",
                $"The role assignment condition is not valid: {malformed.Message}.");
        }
    }

    private static Task Delete(ArmCall call, string scope, string name)
    {
        call.Demand(Type + "/delete", scope);
        if (Find(call, scope, name) is not { } found)
        {
            return call.Azure.SendEmptyAsync(204);
        }

        call.Cloud.Roles.Remove(name);
        return call.SendAsync(ToJson(found));
    }

    private static Task ListDefinitions(ArmCall call, string scope)
    {
        call.Demand("Microsoft.Authorization/roleDefinitions/read", scope);
        var name = (call.Azure.Query["$filter"] ?? "").Split('\'') is [_, var wanted, ..] ? wanted : null;
        return call.SendListAsync(BuiltInRoles.All.Where(role => name is null || role.Name == name).Select(ToJson));
    }

    private static RoleAssignment? Find(ArmCall call, string scope, string name) =>
        call.Cloud.Roles.Find(name) is { } found
            && string.Equals(found.Scope, scope, StringComparison.OrdinalIgnoreCase) ? found : null;

    private static AzureProblem NoRole(string? id) =>
        ArmProblems.BadRequest("RoleDefinitionDoesNotExist",
            $"The specified role definition with ID '{id}' does not exist.");

    private static JsonObject ToJson(RoleAssignment one) => new()
    {
        ["id"] = $"{one.Scope}/providers/{Type}/{one.Name}",
        ["name"] = one.Name,
        ["type"] = Type,
        ["properties"] = new JsonObject
        {
            ["roleDefinitionId"] = $"/providers/Microsoft.Authorization/roleDefinitions/{one.Role.Id}",
            ["principalId"] = one.PrincipalId,
            ["principalType"] = "ServicePrincipal",
            ["scope"] = one.Scope,
            ["condition"] = one.Condition?.Text,
            ["conditionVersion"] = one.Condition is null ? null : "2.0",
            ["createdOn"] = ArmText.Time(one.Made),
        },
    };

    private static JsonObject ToJson(RoleDefinition role) => new()
    {
        ["id"] = $"/providers/Microsoft.Authorization/roleDefinitions/{role.Id}",
        ["name"] = role.Id,
        ["type"] = "Microsoft.Authorization/roleDefinitions",
        ["properties"] = new JsonObject
        {
            ["roleName"] = role.Name,
            ["type"] = "BuiltInRole",
            ["permissions"] = new JsonArray(
                new JsonObject
                {
                    ["actions"] = Texts(role.Actions),
                    ["notActions"] = Texts(role.NotActions),
                    ["dataActions"] = Texts(role.DataActions),
                    ["notDataActions"] = new JsonArray(),
                }),
        },
    };

    private static JsonArray Texts(string[] texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
