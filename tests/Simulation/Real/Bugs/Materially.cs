using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
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
        Bug.OneRegionAloneIsBroughtBack when seen.Regions is [var first, ..]
            && seen.Regions.Any(IsLacking) => seen with { Regions = [first] },
        Bug.RotationsAreNotCounted => seen with { Regions = [.. seen.Regions.Select(Uncounted)] },
        _ => seen,
    };

    /// <summary>Of a material that was begun, and is current in no region yet,
    /// the record knows nothing any more.</summary>
    public static void ForgetPending(Bug bug, OperatorContext? around, Home home, Act act)
    {
        if (bug == Bug.PendingIsForgottenWhenWithdrawn && act is KeyAct.WithdrawMaterial
            && home.CloudKey.Import is { } import)
        {
            new RecordWriter(around!).EditAsync<KeyRecord>(
                new RecordOwner(home.Namespace, home.Key.Name, import.Owner.Uid),
                record =>
                    record with
                    {
                        Materials = [.. record.Materials.Where(one => import.Given.Exists(given => IsOf(given, one)))],
                    },
                CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private static bool IsOf(Given given, KeyRecordMaterial material) =>
        Handed.FingerprintOf(given.Secret) == material.Fingerprint;

    /// <summary>Materials that it had are not in it.</summary>
    private static bool IsLacking(ImportRegion region) =>
        region.Materials.ForDisplay()?.Any(one => !one.IsImported) == true;

    private static ImportRegion Uncounted(ImportRegion region) => region.Listed is not { } listed ? region : region with
    {
        Listed =
            listed.Select<IReadOnlyList<HeldMaterial>>(all => [.. all.Select(one => one with { RotatedAt = null })]),
    };

    private static ImportRegion Newest(ImportRegion region) => region.Listed is not { } listed ? region : region with
    {
        Listed =
            listed.Select<IReadOnlyList<HeldMaterial>>(all => [.. all.Where(one => one.Use != MaterialUse.Earlier)]),
    };
}
