using System.Text.Json.Nodes;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>
/// Takes the closing statement away and puts back what gave way to it. The closing statement goes last: what breaks off
/// before is closed, and begun again.
/// </summary>
internal sealed class BucketOpening(BucketPolicies policies)
{
    public Task<IReadOnlyList<NotPutBack>> OpenAsync(
        StoreRef store, string? setAside, CancellationToken cancellation) =>
        policies.AloneAsync(store, () => OpenAloneAsync(store, PolicyAside.Parse(setAside), cancellation),
            cancellation);

    private async Task<IReadOnlyList<NotPutBack>> OpenAloneAsync(
        StoreRef store, BucketPolicy aside, CancellationToken cancellation)
    {
        var read = await policies.ReadAsync(store, evidence: null, cancellation);
        var standing = read.Without(PolicyAside.IsOurs).IsEmpty && !aside.IsEmpty ? read.Under(aside) : read;
        List<NotPutBack> lost = [];
        var wanted = aside.Statements.Where(statement =>
            !standing.Holds(statement)
                && IsReadable(statement, standing, aside, lost)).OrderBy(PolicyAside.Order).ToList();
        if (wanted.Count == 0 && !standing.Sids.Any(IsClosed))
        {
            return lost;
        }

        var whole = Joined(standing.Without(IsClosed), wanted);
        if (await TryAsync(store, whole, cancellation) is not { } refused)
        {
            await ReadBackAsync(store, cancellation);
            return lost;
        }

        if (wanted.Count == 0)
        {
            throw refused;
        }

        await OneByOneAsync(store, standing, (wanted, lost), cancellation);
        await ReadBackAsync(store, cancellation);
        return lost;
    }

    /// <summary>Each beside the closing statement, and what has no room beside it with the write that opens.</summary>
    private async Task OneByOneAsync(
        StoreRef store, BucketPolicy standing, (List<JsonNode> Wanted, List<NotPutBack> Lost) back,
        CancellationToken cancellation)
    {
        List<JsonNode> late = [];
        foreach (var statement in back.Wanted)
        {
            var next = standing.Beside(statement);
            if (await TryAsync(store, next, cancellation) is not { } refused)
            {
                standing = next;
            }
            else if (refused.Problem.Code == BucketPolicies.Full
                && Joined(standing.Without(IsClosed), [.. late, statement]).Bytes <= BucketPolicy.MostBytes)
            {
                late.Add(statement);
            }
            else
            {
                back.Lost.Add(Told(statement, refused.Problem));
            }
        }

        var open = standing.Without(IsClosed);
        if (late.Count > 0 && await TryAsync(store, Joined(open, late), cancellation) is { } tooMuch)
        {
            back.Lost.AddRange(late.Select(statement => Told(statement, tooMuch.Problem)));
            late = [];
        }

        if (late.Count == 0)
        {
            await policies.WriteAsync(store, open, cancellation);
        }
    }

    private async Task<CloudException?> TryAsync(StoreRef store, BucketPolicy policy, CancellationToken cancellation)
    {
        try
        {
            await policies.WriteAsync(store, policy, cancellation);
            return null;
        }
        catch (CloudException refused)
            when (refused.Problem is CloudProblem.Refused or CloudProblem.Forbidden
                or CloudProblem.Conflict { Code: not "OperationAborted" })
        {
            return refused;
        }
    }

    private Task ReadBackAsync(StoreRef store, CancellationToken cancellation) =>
        policies.ReadBackAsync(store, policy => !policy.Sids.Any(IsClosed), cancellation);

    /// <summary>A variable means something in the later version of the policy language only.</summary>
    private static bool IsReadable(JsonNode statement, BucketPolicy standing, BucketPolicy aside, List<NotPutBack> lost)
    {
        if (PolicyAside.IsUnreadable(statement))
        {
            lost.Add(
                new NotPutBack("the policy that stood there", "PolicyUnreadable",
                    "what stood there could not be read"));
            return false;
        }

        if (standing.KnowsVariables != aside.KnowsVariables
            && statement.ToJsonString().Contains("${", StringComparison.Ordinal))
        {
            lost.Add(
                new NotPutBack(PolicyAside.NameOf(statement), "PolicyVersion",
                    "it has variables, and the policy that stands now has another Version"));
            return false;
        }

        return true;
    }

    private static BucketPolicy Joined(BucketPolicy policy, IEnumerable<JsonNode> statements) =>
        statements.Aggregate(policy, (whole, statement) => whole.Beside(statement));

    private static NotPutBack Told(JsonNode statement, CloudProblem problem) =>
        new(PolicyAside.NameOf(statement), problem.Code, problem.Message);

    private static bool IsClosed(string sid) => sid == StoreStatements.ClosedSid;
}
