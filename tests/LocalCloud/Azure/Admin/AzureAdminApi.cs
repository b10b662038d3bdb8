using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LocalCloud.Azure.Admin;

/// <summary>Azure's admin object for other processes: JSON under /_admin/azure, no authentication,
/// loopback only.</summary>
internal sealed class AzureAdminApi
{
    public const string Root = "/_admin/azure";

    private static readonly string[] Services = ["entra", "arm", "keyvault", "blob"];

    private readonly AzureAdmin admin;
    private readonly AzureReply endpoints;
    private readonly FrozenDictionary<string, Func<AzureOrder, AzureReply>> routes;

    public AzureAdminApi(AzureAdmin admin, AzureReply endpoints)
    {
        this.admin = admin;
        this.endpoints = endpoints;
        routes = Entra().Concat(Vaults()).Concat(Storage()).ToFrozenDictionary(StringComparer.Ordinal);
    }

    public async Task HandleAsync(HttpContext http)
    {
        var path = $"{http.Request.Method} {http.Request.Path.Value![Root.Length..]}";
        var known = routes.TryGetValue(path, out var route);
        var answer = known ? await RunAsync(http, route!)
            : new AzureReply
            {
                Error =
                    $"no such path: {path}; there are {string.Join(", ", routes.Keys.Order(StringComparer.Ordinal))}",
            };
        http.Response.StatusCode = answer.Error is null ? 200 : known ? 400 : 404;
        await http.Response.WriteAsJsonAsync(answer, AzureAdminJson.Default.AzureReply,
            cancellationToken: http.RequestAborted);
    }

    private static async Task<AzureReply> RunAsync(HttpContext http, Func<AzureOrder, AzureReply> route)
    {
        try
        {
            var order = http.Request.Method == "POST"
                ? await JsonSerializer.DeserializeAsync(http.Request.Body, AzureAdminJson.Default.AzureOrder,
                    http.RequestAborted) ?? new AzureOrder()
                : OrderOf(http.Request.Query);
            return route(order);
        }
        catch (Exception wrong)
            when (wrong is ArgumentException or FormatException or JsonException or AzureProblem
                or KeyNotFoundException)
        {
            return new AzureReply { Error = wrong.Message };
        }
    }

    private static AzureOrder OrderOf(IQueryCollection query) => new()
    {
        Name = query["name"],
        ClientId = query["clientId"],
        Tenant = query["tenant"],
        Principal = query["principal"],
        Role = query["role"],
        Subject = query["subject"],
        Vault = query["vault"],
        Key = query["key"],
        Account = query["account"],
        Container = query["container"],
    };

    private Dictionary<string, Func<AzureOrder, AzureReply>> Entra() => new(StringComparer.Ordinal)
    {
        ["GET /endpoints"] = _ => endpoints,
        ["POST /switches"] = Switch,
        ["POST /apps"] = order =>
            new AzureReply
            {
                ObjectId = admin.AddApp(Needed(order.ClientId), Needed(order.Tenant), Needed(order.Secret),
                    order.MultiTenant ?? false),
            },
        ["DELETE /apps"] = order => Done(admin.RemoveApp(Needed(order.ClientId))),
        ["POST /identities"] = order =>
            new AzureReply
            {
                ObjectId = admin.AddIdentity(Needed(order.ClientId), Needed(order.Tenant), Needed(order.ResourceId)),
            },
        ["POST /tenants"] = order => Done(() => admin.AddTenant(Needed(order.Tenant))),
        ["POST /subscriptions"] = order =>
            Done(() => admin.AddSubscription(Needed(order.Subscription), Needed(order.Tenant))),
        ["POST /installs"] = order =>
            new AzureReply { ObjectId = admin.InstallApp(Needed(order.Tenant), Needed(order.ClientId)) },
        ["GET /installs"] = order =>
            new AzureReply { ObjectId = admin.ObjectIdOf(Needed(order.Tenant), Needed(order.ClientId)) },
        ["DELETE /installs"] = order => Done(admin.UninstallApp(Needed(order.Tenant), Needed(order.ClientId))),
        ["POST /federated"] = order =>
            Done(() =>
                admin.AddFederatedCredential(Needed(order.ClientId), Needed(order.Issuer), Needed(order.Subject),
                    order.Audience ?? LocalCloudAzure.TokenExchangeAudience)),
        ["DELETE /federated"] = order =>
            Done(() => admin.RemoveFederatedCredential(Needed(order.ClientId), Needed(order.Subject))),
        ["POST /issuers"] = order => Done(() => admin.AddIssuer(Needed(order.Issuer), Needed(order.KeySet))),
        ["POST /cluster-token"] = order =>
            new AzureReply
            {
                Token = admin.IssueClusterToken(order.Subject ?? LocalCloudAzure.ServiceAccountSubject, order.Audience
                    ?? LocalCloudAzure.TokenExchangeAudience),
            },
        ["POST /roles"] = order =>
            new AzureReply { Id = admin.AddRole(Needed(order.Principal), Needed(order.Role), Needed(order.Scope)) },
        ["DELETE /roles"] = order =>
            new AzureReply { Count = admin.RemoveRole(Needed(order.Principal), Needed(order.Role)) },
        ["POST /policies"] = order =>
            Done(() => admin.DenyByPolicy(Needed(order.Name), Needed(order.Type), order.Location)),
        ["DELETE /policies"] = order => Done(admin.RemovePolicy(Needed(order.Name))),
        ["POST /locations/forbid"] = order =>
            Done(() => admin.ForbidLocation(Needed(order.Subscription), Needed(order.Location))),
    };

    private Dictionary<string, Func<AzureOrder, AzureReply>> Vaults() => new(StringComparer.Ordinal)
    {
        ["POST /vaults"] = order =>
            Done(() =>
                admin.CreateVault(Needed(order.Name), order.PurgeProtection ?? true, order.UsesRoles ?? true,
                    order.Premium ?? false, order.Subscription ?? LocalCloudAzure.TenantSubscription)),
        ["GET /vaults"] = order => new AzureReply { Id = admin.VaultId(Needed(order.Name)) },
        ["POST /vaults/state"] = order => Done(() => admin.SetVaultDeleted(Needed(order.Name), order.Deleted ?? false)),
        ["POST /vaults/model"] = order => Done(() => admin.SetVaultModel(Needed(order.Name), order.UsesRoles ?? true)),
        ["POST /vaults/firewall"] = order =>
            Done(() => admin.SetVaultFirewall(Needed(order.Name), order.Denies ?? false, order.Trusted ?? true)),
        ["POST /vaults/policy"] = order =>
            Done(() =>
                admin.SetAccessPolicy(Needed(order.Name), Needed(order.Tenant), Needed(order.Principal),
                    [.. order.Permissions ?? []])),
        ["POST /keys"] = order =>
            new AzureReply
            {
                Id = admin.CreateKey(Needed(order.Vault), Needed(order.Key), order.Size > 0 ? (int)order.Size : 2048)
                    .ToString(),
            },
        ["GET /keys"] = order =>
            new AzureReply { Version = admin.LatestVersion(Needed(order.Vault), Needed(order.Key)) },
        ["DELETE /keys"] = order => Done(() => admin.RemoveKey(Needed(order.Vault), Needed(order.Key))),
        ["POST /keys/state"] = order =>
            Done(() =>
                admin.SetKeyEnabled(Needed(order.Vault), Needed(order.Key), order.Enabled ?? true, order.Version)),
        ["POST /keys/expiry"] = order =>
            Done(() =>
                admin.SetKeyExpiry(Needed(order.Vault), Needed(order.Key), order.ExpiresInSeconds is { } seconds
                    ? admin.Now.AddSeconds(seconds) : null)),
        ["POST /keys/delete"] = order => Done(() => admin.DeleteKey(Needed(order.Vault), Needed(order.Key))),
        ["POST /keys/recover"] = order => Done(() => admin.RecoverKey(Needed(order.Vault), Needed(order.Key))),
        ["POST /keys/rotate"] = order =>
            new AzureReply { Version = admin.RotateKey(Needed(order.Vault), Needed(order.Key)) },
        ["POST /keys/replace-material"] = order =>
            Done(() => admin.ReplaceMaterial(Needed(order.Vault), Needed(order.Key))),
    };

    private Dictionary<string, Func<AzureOrder, AzureReply>> Storage() => new(StringComparer.Ordinal)
    {
        ["POST /accounts"] = order => Done(() => admin.CreateAccount(Needed(order.Account))),
        ["GET /accounts"] = order =>
            new AzureReply
            {
                Id = admin.AccountId(Needed(order.Account)),
                Key = admin.AccountKey(Needed(order.Account)),
            },
        ["POST /accounts/encrypt"] = order =>
            Done(() =>
                admin.EncryptAccount(Needed(order.Account), LocalCloudAzure.Vault(Needed(order.Vault)),
                    Needed(order.Key), order.Version ?? "", order.ClientId)),
        ["POST /containers"] = order =>
            Done(() => admin.CreateContainer(Needed(order.Account), Needed(order.Container))),
        ["GET /containers"] = order =>
            new AzureReply { Count = admin.BlobCount(Needed(order.Account), Needed(order.Container)) },
        ["DELETE /containers"] = order =>
            Done(() => admin.RemoveContainer(Needed(order.Account), Needed(order.Container))),
        ["POST /sparse"] = order =>
            Done(() =>
                admin.PutSparse(Needed(order.Account), Needed(order.Container), Needed(order.Name), order.Size,
                    order.Seed, order.Kind ?? "BlockBlob")),
        ["POST /many"] = order =>
            Done(() =>
                admin.PutMany(Needed(order.Account), Needed(order.Container), order.Prefix ?? "", order.Count,
                    (int)order.Size, order.Seed)),
    };

    private AzureReply Switch(AzureOrder order)
    {
        admin.RoleLag = Span(order.RoleLagSeconds) ?? admin.RoleLag;
        admin.KeyLag = Span(order.KeyLagSeconds) ?? admin.KeyLag;
        admin.OperationTime = Span(order.OperationSeconds) ?? admin.OperationTime;
        admin.CopyTime = Span(order.CopySeconds) ?? admin.CopyTime;
        admin.TokenLifetime = Span(order.TokenSeconds) ?? admin.TokenLifetime;
        admin.UseStatusDocuments = order.StatusDocuments ?? admin.UseStatusDocuments;
        foreach (var service in order.Unreachable is null ? [] : Services)
        {
            admin.SetUnreachable(service, order.Unreachable!.Contains(service));
        }

        return new AzureReply();
    }

    private static TimeSpan? Span(double? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    private static AzureReply Done(Action act)
    {
        act();
        return new AzureReply();
    }

    private static AzureReply Done(bool done) =>
        done ? new AzureReply() : throw new ArgumentException("there is no such thing");

    private static string Needed(
        string? value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string name = "") =>
        value ?? throw new ArgumentException($"{name[(name.LastIndexOf('.') + 1)..]} is missing");
}
