using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Cloud.Calling;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>
/// What lets the workloads into one account: a role assignment of ours, by a name that follows from the owner and the
/// principal. It leaves out writing under our marks, which say what the account was made under.
/// Others' assignments are never touched.
/// </summary>
internal sealed class WorkloadRole(ArmSite site)
{
    /// <summary>Storage Blob Data Contributor, the same in every directory.</summary>
    private const string Role = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

    private const string Blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

    /// <summary>Everything of the role that changes a blob.</summary>
    private static readonly string[] Changes = ["write", "add/action", "delete", "move/action"];

    private static readonly string Condition =
        $"(({string.Join(" AND ", Changes.Select(action => $"!(ActionMatches{{'{Blobs}/{action}'}})"))}) OR "
            + $"(@Resource[{Blobs}:path] StringNotLike '{Mark.Root}*'))";

    public async Task<RoleStanding> LookAsync(StoreSpec spec, Evidence? evidence, CancellationToken cancellation)
    {
        var given = await GivenAsync(spec, evidence, cancellation);
        return (given, spec.Workloads) switch
        {
            ([], null) => RoleStanding.Untold,
            ([], { Azure: null }) => RoleStanding.NotWanted,
            ([], _) => RoleStanding.Missing,
            (_, null) => RoleStanding.Given,
            ([var (_, principal, isBounded)], { Azure: { } wanted }) when IsSame(principal, wanted)
                && isBounded => RoleStanding.Given,
            _ => RoleStanding.Unbounded,
        };
    }

    /// <summary>Takes it from whoever is not the tenant's principal any more. Where nobody can tell who is,
    /// nothing is changed.</summary>
    public async Task GiveAsync(StoreSpec spec, CancellationToken cancellation)
    {
        if (spec.Workloads is not { } workloads)
        {
            return;
        }

        foreach (var (id, principal, _) in await GivenAsync(spec, evidence: null, cancellation))
        {
            if (!IsSame(principal, workloads.Azure))
            {
                await DeleteAsync(id, cancellation);
            }
        }

        if (workloads.Azure is { } wanted)
        {
            await PutAsync(AccountPlace.Of(spec.Store), IdFor(spec, wanted), wanted, cancellation);
        }
    }

    /// <summary>From whomever it was given to. One that is not there is taken already.</summary>
    public async Task TakeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        // Nobody has to be let list it for the one that is known to be taken.
        if (spec.Workloads?.Azure is { } known)
        {
            await DeleteAsync(IdFor(spec, known), cancellation);
        }

        foreach (var (id, _, _) in await GivenAsync(spec, evidence: null, cancellation))
        {
            await DeleteAsync(id, cancellation);
        }
    }

    private async Task PutAsync(AccountPlace place, string id, string principal, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] =
                    $"/subscriptions/{place.Subscription}/providers/Microsoft.Authorization/roleDefinitions/{Role}",
                ["principalId"] = principal,
                ["principalType"] = "ServicePrincipal",
                ["condition"] = Condition,
                ["conditionVersion"] = "2.0",
            },
        };
        try
        {
            await site.SendAsync("arm:PutRoleAssignment", RequestMethod.Put, id, AzureVersions.Roles, body,
                cancellation);
        }
        catch (CloudException stands) when (stands.Problem is CloudProblem.Conflict { Code: "RoleAssignmentExists" })
        {
            // Somebody gave the same role by another name: what was wanted holds, and theirs is not ours to take.
        }
    }

    private async Task DeleteAsync(string id, CancellationToken cancellation) =>
        await site.SendAsync("arm:DeleteRoleAssignment", RequestMethod.Delete, id, AzureVersions.Roles, body: null,
            cancellation);

    /// <summary>Ours on this account: those whose name follows from the owner and whom they are for.</summary>
    private async Task<IReadOnlyList<(string Id, string Principal, bool IsBounded)>> GivenAsync(
        StoreSpec spec, Evidence? evidence, CancellationToken cancellation)
    {
        List<(string, string, bool)> given = [];
        var all = $"{AccountPlace.Of(spec.Store).Id}/providers/Microsoft.Authorization/roleAssignments";
        await foreach (var one
            in site.ListAsync("arm:ListRoleAssignments", all, AzureVersions.Roles, "atScope()", evidence, cancellation))
        {
            var properties = one["properties"] as JsonObject;
            if (AccountFacts.Text(properties, "principalId") is { } principal && IdFor(spec, principal) is var id
                && id.EndsWith($"/{AccountFacts.Text(one, "name")}", StringComparison.OrdinalIgnoreCase))
            {
                given.Add((id, principal, AccountFacts.Text(properties, "condition") == Condition));
            }
        }

        return given;
    }

    private static bool IsSame(string principal, string? wanted) =>
        string.Equals(principal, wanted, StringComparison.OrdinalIgnoreCase);

    private static string IdFor(StoreSpec spec, string principal)
    {
        var place = AccountPlace.Of(spec.Store);
        var digest = SHA256.HashData(
            Encoding.UTF8.GetBytes($"byok-workload\n{place.Id}\n{spec.Identity}\n{principal.ToLowerInvariant()}"));
        return $"{place.Id}/providers/Microsoft.Authorization/roleAssignments/{new Guid(digest.AsSpan(0, 16))}";
    }
}

/// <summary>How the workloads' role stands on an account.</summary>
internal enum RoleStanding
{
    /// <summary>None is given, and none is to be: the tenant has no principal.</summary>
    NotWanted,

    /// <summary>None is given, and nobody can tell whether one is to be.</summary>
    Untold,

    Missing,

    /// <summary>Given otherwise than it is to be: to another principal, or one that it lets at our marks too.</summary>
    Unbounded,

    Given,
}
