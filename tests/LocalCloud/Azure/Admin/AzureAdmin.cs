using System.Text.Json.Nodes;
using LocalCloud.Azure.Entra;
using LocalCloud.Azure.Roles;

namespace LocalCloud.Azure.Admin;

/// <summary>What a test may do to Azure that no client may.</summary>
public sealed partial class AzureAdmin
{
    private readonly AzureCloud azure;

    internal AzureAdmin(AzureCloud azure) => this.azure = azure;

    public DateTimeOffset Now => azure.Clock.GetUtcNow();

    /// <summary>How long role assignments, made and removed from now on, take to count.</summary>
    public TimeSpan RoleLag
    {
        get => azure.Switches.RoleLag.Value;
        set => azure.Switches.RoleLag.Value = value;
    }

    /// <summary>How long Storage goes on with a key after it went.</summary>
    public TimeSpan KeyLag
    {
        get => azure.Switches.KeyLag.Value;
        set => azure.Switches.KeyLag.Value = value;
    }

    /// <summary>How long ARM works on a storage account, on the cloud's clock; 0 is done at the first look.</summary>
    public TimeSpan OperationTime
    {
        get => azure.Switches.OperationTime.Value;
        set => azure.Switches.OperationTime.Value = value;
    }

    /// <summary>ARM points to a status document (Azure-AsyncOperation) instead of the result (Location).</summary>
    public bool UseStatusDocuments
    {
        get => azure.Switches.UseStatusDocuments;
        set => azure.Switches.UseStatusDocuments = value;
    }

    public TimeSpan TokenLifetime
    {
        get => azure.Switches.TokenLifetime.Value;
        set => azure.Switches.TokenLifetime.Value = value;
    }

    /// <summary>Resets all connections to <c>entra</c>, <c>arm</c>, <c>keyvault</c> or <c>blob</c>;
    /// what Storage asks of Key Vault fails too.</summary>
    public void SetUnreachable(string service, bool value) => azure.Switches.SetUnreachable(service, value);

    public void AddTenant(string tenant) => azure.Directory.AddTenant(tenant);

    public void AddSubscription(string subscription, string tenant) => azure.Subscriptions.Add(subscription, tenant);

    /// <summary>An application with a secret in its home tenant. Returns its service principal's object id.</summary>
    public string AddApp(string clientId, string tenant, string secret, bool multiTenant = false)
    {
        var app = new EntraApp(clientId, tenant) { MultiTenant = multiTenant };
        app.Secrets[secret] = DateTimeOffset.MaxValue;
        azure.Directory.Add(app, Guid.NewGuid().ToString());
        return azure.Directory.ObjectIdOf(tenant, clientId)!;
    }

    /// <summary>A user-assigned identity, with no role. Returns its object id.</summary>
    public string AddIdentity(string clientId, string tenant, string resourceId)
    {
        azure.Directory.Add(new EntraApp(clientId, tenant) { IdentityResourceId = resourceId },
            Guid.NewGuid().ToString());
        return azure.Directory.ObjectIdOf(tenant, clientId)!;
    }

    /// <summary>Deletes an application, or an identity, with its service principals everywhere.</summary>
    public bool RemoveApp(string clientId)
    {
        azure.Changes.Touch(azure.Clock.GetUtcNow());
        return azure.Directory.RemoveApp(clientId);
    }

    public void ExpireSecret(string clientId, string secret) => App(clientId).Secrets[secret] = azure.Clock.GetUtcNow();

    public void AddFederatedCredential(string clientId, string issuer, string subject, string audience) =>
        App(clientId).Trust(new FederatedCredential(issuer, subject, audience));

    public void RemoveFederatedCredential(string clientId, string subject)
    {
        azure.Changes.Touch(azure.Clock.GetUtcNow());
        App(clientId).Distrust(subject);
    }

    /// <summary>What <c>az ad sp create --id</c> does in a tenant. Returns the service principal's object id.</summary>
    public string InstallApp(string tenant, string clientId) => azure.Directory.Install(tenant, clientId);

    /// <summary>Deletes the service principal in one tenant; roles given to it are lost with it.</summary>
    public bool UninstallApp(string tenant, string clientId)
    {
        azure.Changes.Touch(azure.Clock.GetUtcNow());
        return azure.Directory.Uninstall(tenant, clientId);
    }

    public string? ObjectIdOf(string tenant, string clientId) => azure.Directory.ObjectIdOf(tenant, clientId);

    /// <summary>A role by name or id, counting at once whatever the lag. Returns the assignment's name.</summary>
    public string AddRole(string principalId, string role, string scope)
    {
        var name = Guid.NewGuid().ToString();
        return azure.Roles.Add(name, scope, BuiltInRoles.Find(role)
            ?? throw new ArgumentException($"no such role: {role}", nameof(role)), principalId, atOnce: true)?.Name
                ?? name;
    }

    /// <summary>Removes a principal's roles of that name at whatever scope; how many there were.</summary>
    public int RemoveRole(string principalId, string role) =>
        azure.Roles.RemoveWhere(one =>
            one.PrincipalId == principalId && (one.Role.Name == role || one.Role.Id == role));

    /// <summary>The key set that Entra finds at an issuer.</summary>
    public void AddIssuer(string issuer, string keySetJson) => azure.Issuers.AddKeySet(issuer, keySetJson);

    /// <summary>A token such as the cluster projects into a pod of a service account.</summary>
    public string IssueClusterToken(
        string subject = LocalCloudAzure.ServiceAccountSubject, string audience = LocalCloudAzure.TokenExchangeAudience)
    {
        var now = azure.Clock.GetUtcNow();
        return SigningKey.Cluster.Sign(new JsonObject
        {
            ["iss"] = LocalCloudAzure.ClusterIssuer,
            ["sub"] = subject,
            ["aud"] = new JsonArray(audience),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        });
    }

    private EntraApp App(string clientId) =>
        azure.Directory.FindApp(clientId)
            ?? throw new ArgumentException($"no such application: {clientId}", nameof(clientId));
}
