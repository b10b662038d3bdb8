using System.Diagnostics;
using Byok.Material;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>
/// The rungs of new material under the same key, once <c>spec.imported.generation</c> was raised: imported beside what
/// the key has in every region, then made current in each; in a vault it is current at once, as the key's new version,
/// and what was proved is held until that one is. Every one holds for a key that the tenant keeps, and while nothing
/// new is under way.
/// </summary>
internal static class GenerationLadder
{
    /// <summary>The key was given all the new material that one key takes.</summary>
    public const string NoRotationLeft = "NoRotationLeft";

    /// <summary>Whatever was begun is in every region. An upload that was only awaited so far is begun here;
    /// that it is awaited is told above.</summary>
    public static Finding NewMaterialImported(KeyWorld world)
    {
        if (world is not { Import: { } import, IsRevokedByTenant: false })
        {
            return Finding.Holds.Now;
        }

        return import.Bound.Judge(bound => import.IsRaised && !import.IsNewUnderWay
            ? IsNew(import, bound) && import is { Upload: var upload, Regions: [var first, ..] }
                && upload.ForDisplay() is Upload.Ready ready
                ? first.Key.Judge(key =>
                    key is null ? Finding.Holds.Now : Begun(first.Region, key, ready, import.Generation))
                : Finding.Holds.Now
            : Foremost.Of(import.Regions, region => Imported(import, region, bound)));
    }

    /// <summary>New data goes under what was imported as new.</summary>
    public static Finding NewMaterialCurrent(KeyWorld world) =>
        world is not { Import: { } import, IsRevokedByTenant: false }
            ? Finding.Holds.Now
            : Foremost.Of(import.Regions, region => region.Key.Judge(key => import.KnownIn(region).Judge(known =>
                key is not null
                    && known.FirstOrDefault(one => one.Held.Use == MaterialUse.PendingRotation) is { } pending
                    ? new Finding.Lacks("NewMaterialPending",
                        new KeyAct.RotateMaterial(region.Region, key.Key.Id, pending.Generation))
                    : Finding.Holds.Now)));

    /// <summary>The key has as many generations as the spec asks for. Holds nothing else up:
    /// everything goes on under what is there.</summary>
    public static Finding GenerationFollowed(KeyWorld world)
    {
        if (world is not { Import: { } import, IsRevokedByTenant: false })
        {
            return Finding.Holds.Now;
        }

        var left = IImportedKeys.MostRotations
            - import.Regions.Select(region =>
                (region.Materials.ForDisplay() ?? []).Count(one => one.RotatedAt is not null)).DefaultIfEmpty().Max();
        return import.IsRaised ? Awaited(world, import, left)
            : left > 1 ? Finding.Holds.Now
            : left == 1
                ? new Finding.Holds("LastRotation",
                    $"a key is given new material {IImportedKeys.MostRotations} times at most, and one of them is "
                        + "left: make a new TenantEncryptionKey for the time after it")
            : new Finding.Holds(NoRotationLeft, Spent);
    }

    private static string Spent =>
        $"this key was given new material {IImportedKeys.MostRotations} times and takes no more: make a new "
            + "TenantEncryptionKey, and name it in spec.keyRef of its stores";

    private static Finding Awaited(KeyWorld world, ImportWorld import, int left) => left <= 0
        ? new Finding.Stuck(NoRotationLeft, Spent)
        : import.Bound.Judge(bound => import.IsNewUnderWay ? AfterNewest(world, import, bound[^1])
        : import.Upload.Judge(upload => upload switch
        {
            Upload.Absent absent => Waits(world, import, absent.Message),
            // an earlier one, whose key was good for one import
            Upload.Refused { Code: RefusalCodes.WrappingKeyExpired } used => Waits(world, import, used.Message),
            Upload.Refused refused => new Finding.Stuck(refused.Code, refused.Message),
            Upload.Ready ready when bound is [.., var newest] && newest.Fingerprint == ready.Fingerprint =>
                Waits(world, import,
                    $"what stands there is the material of generation {newest.Generation} still: hand over new "
                        + "material in its place"),
            Upload.Ready ready
                when bound.FirstOrDefault(one => one.Fingerprint == ready.Fingerprint) is { } had => new Finding.Stuck(
                "MaterialKnown",
                $"what was handed over now is the material of generation {had.Generation}, which the key has already: "
                    + "hand over material that it never had"),
            Upload.Ready => Waits(world, import, "it is imported next"),
            _ => throw new UnreachableException(upload.GetType().Name),
        }));

    private static Finding.Deferred Waits(KeyWorld world, ImportWorld import, string more) => new(
        StatusReport.NewMaterialAwaited, world.ProbeInterval,
        $"generation {import.Generation} begins with the next upload, and everything goes on as before until then: "
            + $"{more}");

    private static Finding.Deferred AfterNewest(KeyWorld world, ImportWorld import, KeyRecordMaterial newest) =>
        Waits(world, import, $"{MaterialLedger.Name(newest.Generation, newest.Fingerprint)} is on its way, and is made "
            + "current in every region first");

    private static bool IsNew(ImportWorld import, IReadOnlyList<KeyRecordMaterial> bound) =>
        import.Upload.ForDisplay() is Upload.Ready ready && bound.All(one => one.Fingerprint != ready.Fingerprint)
        && import.Regions.All(region =>
            region.Materials is { Blindness: null } seen
                && seen.ForDisplay()!.Count(one => one.RotatedAt is not null) < IImportedKeys.MostRotations);

    private static Finding Imported(ImportWorld import, ImportRegion region, IReadOnlyList<KeyRecordMaterial> bound) =>
        region.Key.Judge(key =>
            import.LacksNewest(region).Judge(lacks => !lacks || key is null || bound is not [.., var newest]
                ? Finding.Holds.Now
                : import.Upload.Judge(upload => upload is Upload.Ready ready && ready.Fingerprint == newest.Fingerprint
                    ? Begun(region.Region, key, ready, newest.Generation)
                    : new Finding.Stuck(
                        "NewMaterialMissing",
                        $"{region.Region}: new material was begun and is not here yet: hand over "
                            + $"{MaterialLedger.Name(newest.Generation, newest.Fingerprint)} once more"))));

    private static Finding.Lacks Begun(string region, ImportedKey key, Upload.Ready ready, int generation) =>
        new("NewMaterialNotImported", new KeyAct.ImportNewMaterial(region, key.Key.Id, ready.Fingerprint, generation));
}
