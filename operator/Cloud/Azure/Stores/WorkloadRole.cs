using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Cloud.Calling;

namespace Cloud.Azure.Stores;

/// <summary>What lets the workloads into one account: a role assignment of ours, by a name that follows from the owner. Others' assignments are never touched.</summary>
internal sealed class WorkloadRole(ArmSite site)
{
    /// <summary>Storage Blob Data Contributor, the same in every directory.</summary>
    private const string Role = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

    /// <summary>Null where no principal is set, so that none is to stand.</summary>
    public async Task<bool?> StandsAsync(AccountPlace place, string owner, Evidence? evidence, CancellationToken cancellation) =>
        site.Options.DataPrincipalId is null
            ? null
            : await site.FindAsync("arm:GetRoleAssignment", IdFor(place, owner), AzureVersions.Roles, evidence, cancellation) is not null;

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
