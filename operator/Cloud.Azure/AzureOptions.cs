using System.Collections.Frozen;

namespace Cloud.Azure;

/// <summary>Who the operator is on Azure and which Azure that is. Without <see cref="TenantId"/> and
/// <see cref="ClientId"/> Azure is not used.</summary>
public sealed record AzureOptions
{
    /// <summary>The platform's own directory.</summary>
    public string? TenantId { get; init; }

    /// <summary>The operator's user-assigned identity (or, with a secret,
    /// an application of the platform's directory).</summary>
    public string? ClientId { get; init; }

    /// <summary>Where the cluster puts the token that Entra trusts for <see cref="ClientId"/>
    /// (workload identity).</summary>
    public string? FederatedTokenFile { get; init; }

    /// <summary>Instead of a federated token, for servers on loopback and tests:
    /// a secret that expires is a secret to lose.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>
    /// The operator's identity as a resource (<c>/subscriptions/…/userAssignedIdentities/name</c>): accounts use it to
    /// reach keys. Its federated credential on the platform's application is what lets us into tenants' vaults.
    /// </summary>
    public string? IdentityResourceId { get; init; }

    /// <summary>The object (principal) id of that identity; roles on keys of our own are given to it.</summary>
    public string? IdentityObjectId { get; init; }

    /// <summary>The platform's multi-tenant application, which tenants install.
    /// Keys of tenants may name another one.</summary>
    public string? ApplicationClientId { get; init; }

    /// <summary>
    /// How long a role that was taken away may still let somebody in: "up to 10 minutes"
    /// (https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected).
    /// </summary>
    public TimeSpan RoleSettling { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How new accounts keep their copies.</summary>
    public string StorageSku { get; init; } = "Standard_LRS";

    public AzureEnvironment Environment { get; init; } = AzureEnvironment.Public;

    /// <summary>Requests per second by operation, such as <c>arm:PutStorageAccount</c>,
    /// over the published quotas that hold otherwise.</summary>
    public IReadOnlyDictionary<string, double> Rates { get; init; } = FrozenDictionary<string, double>.Empty;

    /// <summary>Block blobs above this are copied block by block: the service takes no more at once.
    /// Smaller only in tests.</summary>
    public long CopyByBlocksAbove { get; init; } = Objects.BlobForm.MostAtOnce;

    /// <summary>Certificates (PEM) that alone vouch for Azure's names; null: the machine's own authorities.
    /// For a proxy that looks into TLS.</summary>
    public string? AuthorityPem { get; init; }

    /// <summary>How connections are made, where not straight to the internet.
    /// Leave is asked on them as on any other.</summary>
    public Func<SocketsHttpHandler>? Connections { get; init; }

    /// <summary>The wire, where a test scripts it; for tokens too.</summary>
    internal HttpMessageHandler? Transport { get; init; }

    /// <summary>Whether anything was set that lets us sign in.</summary>
    public bool IsConfigured => TenantId is not null && ClientId is not null;

    /// <summary>
    /// What the environment says: workload identity's own <c>AZURE_TENANT_ID</c>, <c>AZURE_CLIENT_ID</c>,
    /// <c>AZURE_FEDERATED_TOKEN_FILE</c>, <c>AZURE_AUTHORITY_HOST</c> (and <c>AZURE_CLIENT_SECRET</c>), and
    /// <c>BYOK_AZURE_IDENTITY_RESOURCE_ID</c>, <c>BYOK_AZURE_IDENTITY_OBJECT_ID</c>,
    /// <c>BYOK_AZURE_APPLICATION_CLIENT_ID</c>, <c>BYOK_AZURE_STORAGE_SKU</c>, <c>BYOK_AZURE_ENVIRONMENT</c> (public,
    /// usgovernment or china), <c>BYOK_AZURE_CA_PEM</c>.
    /// </summary>
    public static AzureOptions FromEnvironment(Func<string, string?> read)
    {
        var environment = AzureEnvironment.Find(Text("BYOK_AZURE_ENVIRONMENT") ?? "public")
            ?? throw new FormatException("BYOK_AZURE_ENVIRONMENT is not one of public, usgovernment, china");
        return new AzureOptions
        {
            TenantId = Text("AZURE_TENANT_ID"),
            ClientId = Text("AZURE_CLIENT_ID"),
            FederatedTokenFile = Text("AZURE_FEDERATED_TOKEN_FILE"),
            ClientSecret = Text("AZURE_CLIENT_SECRET"),
            IdentityResourceId = Text("BYOK_AZURE_IDENTITY_RESOURCE_ID"),
            IdentityObjectId = Text("BYOK_AZURE_IDENTITY_OBJECT_ID"),
            ApplicationClientId = Text("BYOK_AZURE_APPLICATION_CLIENT_ID"),
            AuthorityPem = Text("BYOK_AZURE_CA_PEM"),
            StorageSku = Text("BYOK_AZURE_STORAGE_SKU") ?? "Standard_LRS",
            Environment = Text("AZURE_AUTHORITY_HOST") is { } authority
                && Uri.TryCreate(authority, UriKind.Absolute, out var host)
                ? environment with { Authority = host }
                : environment,
        };

        string? Text(string name) => read(name) is { Length: > 0 } text ? text : null;
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{Environment.Name}: {ClientId} in {TenantId}";
}
