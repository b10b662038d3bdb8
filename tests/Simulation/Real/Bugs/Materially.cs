using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Simulation.Real.Clouds;

namespace Simulation.Real.Bugs;

/// <summary>The materials of a key, as bugs see them.</summary>
internal static class Materially
{
    /// <param name="handedOver">Which secret stands there.</param>
    public static ImportWorld Saw(Bug bug, ImportWorld seen, int handedOver) => bug switch
    {
        Bug.MaterialForgottenAtUnrevoke => seen with { Regions = [.. seen.Regions.Select(Newest)] },
        Bug.RotatedBeforeEveryRegionHasIt when seen.Regions is [var first, ..]
            && seen.Bound.ForDisplay() is { Count: > 1 } => seen with { Regions = [first] },
        Bug.NewMaterialWithoutARaise
            when handedOver > 1 =>
                seen with
                {
                    Generation = 2,
                    Upload = Fact.Seen<Upload>(new Upload.Ready(Handed.FingerprintOf(handedOver)) { Version = "" }),
                },
        _ => seen,
    };

    private static ImportRegion Newest(ImportRegion region) => region.Listed is not { } listed ? region : region with
    {
        Listed =
            listed.Select<IReadOnlyList<HeldMaterial>>(all => [.. all.Where(one => one.Use != MaterialUse.Earlier)]),
    };
}
