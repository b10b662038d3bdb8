using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Cloud.Calling;
using Cloud.Objects;

namespace Cloud.Azure.Stores;

/// <summary>
/// What lets the workloads into one account: a role assignment of ours, by a name that follows from the owner. It leaves out writing
/// under our marks, which say what the account was made under. Others' assignments are never touched.
/// </summary>
internal sealed class WorkloadRole(ArmSite site)
{
    /// <summary>Storage Blob Data Contributor, the same in every directory.</summary>
    private const string Role = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

    private const string Blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

    /// <summary>Everything of the role that changes a blob.</summary>
    private static readonly string[] Changes = ["write", "add/action", "delete", "move/action"];

    private static readonly string Condition =
        $"(({string.Join(" AND ", Changes.Select(action => $"!(ActionMatches{{'{Blobs}/{action}'}})"))}) OR (@Resource[{Blobs}:path] StringNotLike '{Mark.Root}*'))";

    public async Task<RoleStanding> LookAsync(AccountPlace place, string owner, Evidence? evidence, CancellationToken cancellation)
    {
        if (site.Options.DataPrincipalId is null)
        {
            return RoleStanding.NotWanted;
        }

        var found = await site.FindAsync("arm:GetRoleAssignment", IdFor(place, owner), AzureVersions.Roles, evidence, cancellation);
        return found is null ? RoleStanding.Missing
            : AccountFacts.Text(found["properties"] as JsonObject, "condition") == Condition ? RoleStanding.Given
            : RoleStanding.Unbounded;
    }

    public async Task GiveAsync(AccountPlace place, string owner, CancellationToken cancellation)
    {
        if (site.Options.DataPrincipalId is not { } principal)
        {
            return;
        }

        var body = new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] = $"/subscriptions/{place.Subscription}/providers/Microsoft.Authorization/roleDefinitions/{Role}",
                ["principalId"] = principal,
                ["principalType"] = "ServicePrincipal",
                ["condition"] = Condition,
                ["conditionVersion"] = "2.0",
            },
        };
        try
        {
            (await site.SendAsync("arm:PutRoleAssignment", RequestMethod.Put, IdFor(place, owner), AzureVersions.Roles, body, cancellation)).Reply.Dispose();
        }
        catch (CloudException stands) when (stands.Problem is CloudProblem.Conflict { Code: "RoleAssignmentExists" })
        {
            // Somebody gave the same role by another name: what was wanted holds, and theirs is not ours to take.
        }
    }

    /// <summary>One that is not there is taken already.</summary>
    public async Task TakeAsync(AccountPlace place, string owner, CancellationToken cancellation)
    {
        if (site.Options.DataPrincipalId is not null)
        {
            (await site.SendAsync("arm:DeleteRoleAssignment", RequestMethod.Delete, IdFor(place, owner), AzureVersions.Roles, body: null, cancellation)).Reply.Dispose();
        }
    }

    private string IdFor(AccountPlace place, string owner)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"byok-workload\n{place.Id}\n{owner}\n{site.Options.DataPrincipalId}"));
        return $"{place.Id}/providers/Microsoft.Authorization/roleAssignments/{new Guid(digest.AsSpan(0, 16))}";
    }
}
