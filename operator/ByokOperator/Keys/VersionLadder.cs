using ByokOperator.Reconciling;

namespace ByokOperator.Keys;

/// <summary>A rotation that somebody has to confirm first is told, and what confirms it.</summary>
internal static class VersionLadder
{
    public static Finding Confirmed(KeyWorld world) =>
        Foremost.Of(world.Regions, region => Confirmed(world, region));

    private static Finding Confirmed(KeyWorld world, KeyRegion region) =>
        VersionWatch.ToAccept(world, region) is { } current
            ? new Finding.Lacks("VersionNotRecorded",
                new KeyAct.AcceptVersion(region.Region, region.AcceptedVersion.ForDisplay(), current))
            : VersionWatch.Of(world, region) switch
            {
                { Blindness: { } why } =>
                    new Finding.Unseen(why, $"{region.Region}: nobody can tell now which version is current"),
                var seen when seen.ForDisplay() is { } waiting => Unconfirmed(world, region.Region, waiting),
                _ => Finding.Holds.Now,
            };

    private static Finding Unconfirmed(KeyWorld world, string region, UnconfirmedVersion waiting)
    {
        var stands = waiting.IsHeld
            ? $"version {waiting.Version} stands in the vault and version {waiting.Accepted} is held"
            : $"{region}: the key was rotated to the material {waiting.Version}, and {waiting.Accepted} was confirmed "
                + "last";
        var isOther = world.ConfirmedVersion is { Length: > 0 } confirmed && confirmed != waiting.Accepted;
        var message =
            $"{(isOther ? "spec.rotation.confirmedVersion names no version that can be followed; " : "")}{stands}: "
                + $"set spec.rotation.confirmedVersion to {waiting.Version} to follow it"
                + (waiting.Pauses ? "; until then the workloads of its stores stand still" : "");
        var reason = isOther ? "ConfirmedVersionUnknown" : VersionWatch.NotConfirmed;
        return waiting.Pauses || waiting.IsHeld ? new Finding.Stuck(reason, message)
            : new Finding.Holds(VersionWatch.Followed, message);
    }
}
