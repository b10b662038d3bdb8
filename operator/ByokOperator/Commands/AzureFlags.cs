using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Cloud.Azure;

namespace ByokOperator.Commands;

/// <summary>The flags of <c>run</c> about Azure.</summary>
internal static class AzureFlags
{
    private static readonly Option<string?> Tenant = new("--azure-tenant")
    {
        Description = "the platform's Microsoft Entra directory; else AZURE_TENANT_ID. Without it Azure is not used",
    };
    private static readonly Option<string?> Client = new(
        "--azure-client") { Description = "client id of the operator's user-assigned identity; else AZURE_CLIENT_ID" };
    private static readonly Option<string?> Identity = new(
        "--azure-identity") { Description = "resource id of that identity, which storage accounts reach keys with" };
    private static readonly Option<string?> Application = new("--azure-application")
    {
        Description = "client id of the platform's multi-tenant application, which tenants install",
    };
    private static readonly Option<string?> Environment = new("--azure-environment")
    {
        Description = "public, usgovernment or china; else BYOK_AZURE_ENVIRONMENT, else public",
    };
    private static readonly Option<string?> RoleSettling = new("--azure-role-settling")
    {
        Description =
            "how long a role that was taken away may still let somebody in; else BYOK_AZURE_ROLE_SETTLING, else 10m",
    };

    public const string IdentityMend =
        "give /subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME";

    public static IReadOnlyList<Option> All => [Tenant, Client, Identity, Application, Environment, RoleSettling];

    public static AzureAccess Read(ParseResult parsed) => new()
    {
        TenantId = parsed.GetValue(Tenant),
        ClientId = parsed.GetValue(Client),
        IdentityResourceId = parsed.GetValue(Identity),
        ApplicationClientId = parsed.GetValue(Application),
        Environment = parsed.GetValue(Environment),
        RoleSettling = parsed.GetValue(RoleSettling),
    };

    public static bool IsIdentity(string text) =>
        text.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Empty when they are sound.</summary>
    public static IEnumerable<string> Violations(AzureAccess azure)
    {
        foreach (var (flag, id) in new[]
        {
            ("--azure-tenant", azure.TenantId),
            ("--azure-client", azure.ClientId),
            ("--azure-application", azure.ApplicationClientId),
        })
        {
            if (id is not null && !Guid.TryParseExact(id, "D", out _))
            {
                yield return $"{flag} is '{id}': give a GUID";
            }
        }

        if (azure.IdentityResourceId is { } identity && !IsIdentity(identity))
        {
            yield return $"--azure-identity is '{identity}': {IdentityMend}";
        }

        if (azure.Environment is { } name && AzureEnvironment.Find(name) is null)
        {
            yield return $"--azure-environment is '{name}': give public, usgovernment or china";
        }

        if (azure.RoleSettling is { } settling && !GoDuration.TryParse(settling, out _))
        {
            yield return $"--azure-role-settling is '{settling}': give a duration such as 10m";
        }
    }
}
