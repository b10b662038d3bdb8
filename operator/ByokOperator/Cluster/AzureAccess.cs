namespace ByokOperator.Cluster;

/// <summary>Who the operator is on Azure. Without a directory and a client id Azure is not used.</summary>
public sealed record AzureAccess
{
    /// <summary>The platform's own directory; null: <c>AZURE_TENANT_ID</c>.</summary>
    public string? TenantId { get; init; }

    /// <summary>The operator's user-assigned identity; null: <c>AZURE_CLIENT_ID</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>That identity as a resource, which storage accounts use to reach keys.</summary>
    public string? IdentityResourceId { get; init; }

    /// <summary>The platform's multi-tenant application, which tenants install.</summary>
    public string? ApplicationClientId { get; init; }

    /// <summary><c>public</c>, <c>usgovernment</c> or <c>china</c>; null: the environment says.</summary>
    public string? Environment { get; init; }

    /// <summary>How long a role that was taken away may still let somebody in, such as <c>10m</c>; null:
    /// the environment says.</summary>
    public string? RoleSettling { get; init; }
}
