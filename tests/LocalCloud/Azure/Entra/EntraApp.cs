using System.Collections.Concurrent;

namespace LocalCloud.Azure.Entra;

/// <summary>An application's registration in its home tenant;
/// a managed identity is one that has a resource id.</summary>
internal sealed class EntraApp(string clientId, string homeTenant)
{
    /// <summary>Microsoft Entra's limit per application or identity.</summary>
    private const int MaxFederated = 20;

    private volatile FederatedCredential[] federated = [];

    public string ClientId { get; } = clientId;

    public string HomeTenant { get; } = homeTenant;

    public bool MultiTenant { get; init; }

    public string? IdentityResourceId { get; init; }

    /// <summary>Secrets and the time each ends.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> Secrets { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<FederatedCredential> Federated => federated;

    public void Trust(FederatedCredential credential)
    {
        if (federated.Length == MaxFederated)
        {
            throw new ArgumentException($"an application has at most {MaxFederated} federated credentials");
        }

        federated = [.. federated, credential];
    }

    public void Distrust(string subject) => federated = [.. federated.Where(one => one.Subject != subject)];
}
