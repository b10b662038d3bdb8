using Byok.Copying;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Migrations;

/// <summary>Looks at single versions for what no listing tells: a key of their writer's, a retention or a legal hold,
/// and that they can be read at all. At each of the first, then at ever fewer, so that the number grows with the
/// logarithm of the place alone.</summary>
internal sealed class PlanSample(IObjectData objects, TimeProvider time, MoveCounts counts)
{
    /// <summary>After so many looks a quarter as many versions are looked at.</summary>
    private const int Dense = 250;

    private const string Held = "ObjectLocked";
    private const string HeldFix =
        "it is under a retention or a legal hold: it is copied without, and the old one goes when the hold has ended";

    private const string Undescribed = "ObjectNotDescribed";
    private const string UndescribedFix =
        "what is under a key that only its writer has (SSE-C) is refused like this: write it anew without one";

    private const string Unreadable = "ObjectNotReadable";
    private const string UnreadableFix =
        "the operator may not read it: its role needs to read the object and to use the key that it stands under";

    private const string Unanswered = "ObjectNotAnswering";
    private const string UnansweredFix = "no answer came about it, however often it was asked for: look at it yourself";

    /// <summary>Looks at one version that came to no end, before the plan goes on without it.</summary>
    private const int MostLooks = 2;

    /// <summary>Of the name that is under way: where a look breaks off, the next one goes on.</summary>
    private readonly Dictionary<string, (string Code, string Fix)?> looked = [];
    private readonly Dictionary<string, int> endless = [];
    private long met;
    private long stride = 1;

    /// <summary>Looks at some versions of one name, or at none.</summary>
    /// <exception cref="CloudException">Nothing of this name was counted, and it has to be met again.</exception>
    public async Task LookAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> ofKey, CancellationToken cancellation)
    {
        // What the listing tells to be in the way is counted already.
        var open = ofKey.Where(version => version is { IsDeleteMarker: false, Obstacle: null }).ToList();
        var sampled = open.Where((_, at) => (met + at) % stride == 0).ToList();
        foreach (var version in sampled.Where(version => !looked.ContainsKey(IdOf(version))))
        {
            looked[IdOf(version)] = await ObstacleOfAsync(store, version, cancellation);
        }

        met += open.Count;
        foreach (var version in sampled)
        {
            counts.LookedAt++;
            stride *= counts.LookedAt % Dense == 0 ? 4 : 1;
            if (looked[IdOf(version)] is var (code, fix))
            {
                counts.Sampled(version, code, fix);
            }
        }

        looked.Clear();
        endless.Clear();
    }

    private async Task<(string Code, string Fix)?> ObstacleOfAsync(
        StoreRef store, ObjectVersion version, CancellationToken cancellation)
    {
        if (endless.GetValueOrDefault(IdOf(version)) >= MostLooks)
        {
            return (Unanswered, UnansweredFix);
        }

        try
        {
            var facts = await objects.HeadAsync(store, version.Key, version.VersionId, cancellation);
            return facts?.HeldUntil > time.GetUtcNow() ? (Held, HeldFix) : null;
        }
        catch (CloudException refused) when (refused.Problem is CloudProblem.Refused problem)
        {
            return problem.Fix is { } fix ? (problem.Code, fix) : (Undescribed, UndescribedFix);
        }
        catch (CloudException denied) when (denied.Problem is CloudProblem.Forbidden or CloudProblem.KeyUnusable)
        {
            return (Unreadable, UnreadableFix);
        }
        catch (Exception failed)
            when (failed is OperationCanceledException or CloudException { Problem: CloudProblem.Unreachable })
        {
            endless[IdOf(version)] = endless.GetValueOrDefault(IdOf(version)) + 1;
            throw;
        }
    }

    /// <summary>A version's id is its own among those of all names; what has none is told apart by its name.</summary>
    private static string IdOf(ObjectVersion version) => $"{version.VersionId}/{version.Key}";
}
