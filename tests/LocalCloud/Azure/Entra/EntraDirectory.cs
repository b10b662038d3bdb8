using System.Collections.Concurrent;

namespace LocalCloud.Azure.Entra;

/// <summary>All tenants: applications by client id, and which of them are installed
/// (have a service principal) where.</summary>
internal sealed class EntraDirectory
{
    private readonly ConcurrentDictionary<string, bool> tenants = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, EntraApp> apps = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Tenant, string ClientId), string> installed = new();

    public void AddTenant(string tenant) => tenants[tenant] = true;

    public bool HasTenant(string tenant) => tenants.ContainsKey(tenant);

    public EntraApp? FindApp(string clientId) => apps.GetValueOrDefault(clientId);

    public EntraApp? FindIdentity(string resourceId) =>
        apps.Values.FirstOrDefault(app =>
            string.Equals(app.IdentityResourceId, resourceId, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<EntraApp> Identities => apps.Values.Where(app => app.IdentityResourceId is not null);

    /// <summary>The service principal's object id, or null where the application isn't installed.</summary>
    public string? ObjectIdOf(string tenant, string clientId) =>
        installed.GetValueOrDefault((tenant.ToLowerInvariant(), clientId.ToLowerInvariant()));

    public bool HasPrincipal(string tenant, string objectId) =>
        installed.Any(one =>
            one.Value == objectId && string.Equals(one.Key.Tenant, tenant, StringComparison.OrdinalIgnoreCase));

    public void Add(EntraApp app, string objectId)
    {
        AddTenant(app.HomeTenant);
        apps[app.ClientId] = app;
        Install(app.HomeTenant, app.ClientId, objectId);
    }

    public bool RemoveApp(string clientId)
    {
        foreach (var key
            in installed.Keys.Where(key => string.Equals(key.ClientId, clientId, StringComparison.OrdinalIgnoreCase)))
        {
            installed.TryRemove(key, out _);
        }

        return apps.TryRemove(clientId, out _);
    }

    public string Install(string tenant, string clientId, string? objectId = null) =>
        installed.GetOrAdd((tenant.ToLowerInvariant(), clientId.ToLowerInvariant()),
            _ => objectId ?? Guid.NewGuid().ToString());

    public bool Uninstall(string tenant, string clientId) =>
        installed.TryRemove((tenant.ToLowerInvariant(), clientId.ToLowerInvariant()), out _);
}
