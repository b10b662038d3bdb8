using System.Text.Json.Nodes;
using LocalCloud.Azure.Entra;

namespace LocalCloud.Azure.Arm;

/// <summary>User-assigned identities and their federated credentials.</summary>
internal sealed class Identities
{
    private const string Type = "Microsoft.ManagedIdentity/userAssignedIdentities";

    public (string, Func<ArmCall, Task>)? Pick(ArmCall call, string[] types) => (call.Method, types) switch
    {
        ("GET", [_, _]) => ("GetIdentity", Get),
        ("PUT", [_, _]) => ("PutIdentity", Put),
        ("DELETE", [_, _]) => ("DeleteIdentity", Delete),
        ("GET", [_, _, _]) => ("ListFederatedCredentials", ListFederated),
        ("PUT", [_, _, _, _]) => ("PutFederatedCredential", PutFederated),
        _ => null,
    };

    private static async Task Get(ArmCall call)
    {
        call.Demand(Type + "/read", Id(call));
        await call.SendAsync(ToJson(call, Find(call)));
    }

    private static async Task Put(ArmCall call)
    {
        call.Demand(Type + "/write", Id(call));
        call.Group();
        await call.BodyAsync();
        var app = call.Cloud.Directory.FindIdentity(Id(call));
        var isNew = app is null;
        if (app is null)
        {
            app = new EntraApp(Guid.NewGuid().ToString(),
                call.Cloud.Subscriptions.TenantOf(call.Subscription!)!) { IdentityResourceId = Id(call) };
            call.Cloud.Directory.Add(app, Guid.NewGuid().ToString());
        }

        await call.SendAsync(ToJson(call, app), isNew ? 201 : 200);
    }

    private static Task Delete(ArmCall call)
    {
        call.Demand(Type + "/delete", Id(call));
        if (call.Cloud.Directory.FindIdentity(Id(call)) is not { } app)
        {
            return call.Azure.SendEmptyAsync(204);
        }

        call.Cloud.Changes.Touch(call.Now);
        call.Cloud.Directory.RemoveApp(app.ClientId);
        return call.Azure.SendEmptyAsync(200);
    }

    private static Task ListFederated(ArmCall call)
    {
        call.Demand(Type + "/federatedIdentityCredentials/read", Id(call));
        return call.SendListAsync(Find(call).Federated.Select(ToJson));
    }

    private static async Task PutFederated(ArmCall call)
    {
        call.Demand(Type + "/federatedIdentityCredentials/write", Id(call));
        var properties = (await call.BodyAsync())["properties"] as JsonObject ?? throw ArmProblems.InvalidContent();
        var credential = new FederatedCredential((string?)properties["issuer"] ?? "", (string?)properties["subject"]
            ?? "", (string?)(properties["audiences"] as JsonArray)?[0] ?? "");
        var app = Find(call);
        if (!app.Federated.Contains(credential))
        {
            try
            {
                app.Trust(credential);
            }
            catch (ArgumentException)
            {
                throw ArmProblems.BadRequest("TooManyFederatedIdentityCredentials",
                    "The number of federated identity credentials exceeds the limit of 20.");
            }
        }

        await call.SendAsync(ToJson(credential), 201);
    }

    private static string Id(ArmCall call) => $"/{string.Join('/', call.Parts.Take(8))}";

    private static EntraApp Find(ArmCall call) =>
        call.Cloud.Directory.FindIdentity(Id(call))
            ?? throw ArmProblems.ResourceNotFound(Type, call.Parts[7], call.GroupName!);

    private static JsonObject ToJson(ArmCall call, EntraApp app) => new()
    {
        ["id"] = app.IdentityResourceId,
        ["name"] = call.Parts[7],
        ["type"] = Type,
        ["location"] = call.Group().Location,
        ["properties"] = new JsonObject
        {
            ["tenantId"] = app.HomeTenant,
            ["clientId"] = app.ClientId,
            ["principalId"] = call.Cloud.Directory.ObjectIdOf(app.HomeTenant, app.ClientId),
        },
    };

    private static JsonObject ToJson(FederatedCredential one) => new()
    {
        ["properties"] = new JsonObject
        {
            ["issuer"] = one.Issuer,
            ["subject"] = one.Subject,
            ["audiences"] = new JsonArray(one.Audience),
        },
    };
}
