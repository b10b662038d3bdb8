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

    private long met;
    private long stride = 1;

    /// <summary>Looks at some versions of one name, or at none.</summary>
    /// <exception cref="CloudException">Nothing of this name was counted, and it has to be met again.</exception>
    public async Task LookAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> ofKey, CancellationToken cancellation)
    {
        List<(ObjectVersion Version, (string Code, string Fix)? Obstacle)> looked = [];
        // What the listing tells to be in the way is counted already.
        var open = ofKey.Where(version => version is { IsDeleteMarker: false, Obstacle: null }).ToList();
        foreach (var version in open.Where((_, at) => (met + at) % stride == 0))
        {
            looked.Add((version, await ObstacleOfAsync(store, version, cancellation)));
        }

        met += open.Count;
        foreach (var (version, obstacle) in looked)
        {
            counts.LookedAt++;
            stride *= counts.LookedAt % Dense == 0 ? 4 : 1;
            if (obstacle is var (code, fix))
            {
                counts.Sampled(version, code, fix);
            }
        }
    }

    private async Task<(string Code, string Fix)?> ObstacleOfAsync(
        StoreRef store, ObjectVersion version, CancellationToken cancellation)
    {
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
    }
}
