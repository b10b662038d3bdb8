using System.Text.Json.Nodes;
using LocalCloud.Azure.Entra;

namespace LocalCloud.Azure.Arm;

/// <summary>Resource Manager's wire: method and resource id name the operation.</summary>
internal sealed class ArmApi : AzureService
{
    private readonly AzureCloud cloud;
    private readonly ResourceGroups groups = new();
    private readonly StorageAccounts accounts;
    private readonly StorageChildren children = new();
    private readonly StorageOthers others = new();
    private readonly PrivateConnections connections = new();
    private readonly Vaults vaults = new();
    private readonly RoleAssignments roles = new();
    private readonly Identities identities = new();

    public ArmApi(AzureCloud cloud)
        : base("arm")
    {
        this.cloud = cloud;
        accounts = new StorageAccounts(cloud.KeyLink);
    }

    public override Func<Task> Route(AzureCall call)
    {
        var arm = new ArmCall(call, cloud);
        var (name, operation) = Pick(arm);
        call.Operation = name;
        return async () =>
        {
            DemandSubscription(arm);
            cloud.Locks.DemandUnlocked(arm);
            await operation(arm);
        };
    }

    public override void Admit(AzureCall call)
    {
        var bearer = call.Bearer
            ?? throw ArmProblems.Unauthenticated("AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.");
        var token = cloud.Mint.Read(bearer, out var fault) ?? throw (fault == TokenFault.Expired
            ? ArmProblems.Unauthenticated("ExpiredAuthenticationToken",
                "The access token expiry time is before the current time.")
            : ArmProblems.Unauthenticated("InvalidAuthenticationToken", "The access token is invalid."));
        if (token.Audience.TrimEnd('/') is not ("https://management.azure.com"
            or "https://management.core.windows.net"))
        {
            throw ArmProblems.Unauthenticated("InvalidAuthenticationTokenAudience",
                $"The access token has been obtained for wrong audience or resource '{token.Audience}'.");
        }

        (call.Caller, call.Who) = (token.Principal, token.Principal.ObjectId);
        if (string.IsNullOrEmpty(call.Query["api-version"]))
        {
            throw ArmProblems.BadRequest("MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.");
        }
    }

    public override AzureProblem Malformed() => ArmProblems.InvalidContent();

    public override AzureProblem Throttled(int retryAfterSeconds) => ArmProblems.TooMany(retryAfterSeconds);

    public override AzureProblem Denied(AzureCall call) =>
        ArmProblems.Forbidden(call.Caller!, call.Operation, call.Path);

    public override Task SendProblemAsync(AzureCall call, AzureProblem problem)
    {
        call.Response.Headers["x-ms-failure-cause"] = "gateway";
        if (call.Method == "HEAD")
        {
            return call.SendEmptyAsync(problem.Status);
        }

        var error = new JsonObject { ["code"] = problem.Code, ["message"] = problem.Message };
        if (problem.Code == "RequestDisallowedByPolicy")
        {
            error["target"] = problem.Details[0].Value;
            error["additionalInfo"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "PolicyViolation",
                    ["info"] = new JsonObject
                    {
                        ["policyAssignmentName"] = problem.Details[1].Value,
                        ["policyDefinitionEffect"] = "deny",
                    },
                });
        }

        return call.SendJsonAsync(problem.Status, new JsonObject { ["error"] = error });
    }

    private void DemandSubscription(ArmCall call)
    {
        if (call.Subscription is not { } subscription)
        {
            return;
        }

        var tenant = cloud.Subscriptions.TenantOf(subscription) ?? throw ArmProblems.SubscriptionNotFound(subscription);
        if (!string.Equals(tenant, call.Azure.Caller!.Tenant, StringComparison.OrdinalIgnoreCase))
        {
            throw ArmProblems.Unauthenticated("InvalidAuthenticationTokenTenant",
                $"The access token is from the wrong issuer '{call.Azure.Caller.Issuer}'. It must match the tenant "
                    + $"'https://sts.windows.net/{tenant}/' associated with this subscription.");
        }

        cloud.Budget.Spend(call.Azure, subscription);
    }

    private (string Name, Func<ArmCall, Task> Operation) Pick(ArmCall call)
    {
        var at = call.Parts.ToList()
            .FindLastIndex(part => string.Equals(part, "providers", StringComparison.OrdinalIgnoreCase));
        var space = at >= 0 && at + 1 < call.Parts.Count ? call.Parts[at + 1].ToLowerInvariant() : "";
        var types = at >= 0 ? call.Parts.Skip(at + 2).ToArray() : [];
        var found = space switch
        {
            "" => groups.Pick(call),
            "microsoft.authorization" => roles.Pick(call, at, types),
            _ when types.Length == 0 => groups.Pick(call),
            "microsoft.storage" =>
                connections.Pick(call, types) ?? accounts.Pick(call, types) ?? children.Pick(call, types)
                    ?? others.Pick(call, types),
            "microsoft.keyvault" => vaults.Pick(call, types),
            "microsoft.managedidentity" => identities.Pick(call, types),
            _ => null,
        };
        return found
            ?? ("Unknown",
                _ =>
                    throw new AzureProblem(404, "InvalidResourceType",
                        $"The resource type could not be found: {call.Method} {call.Azure.Path}"));
    }
}
