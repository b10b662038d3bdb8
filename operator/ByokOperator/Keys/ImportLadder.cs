using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>The rungs of a key whose material the tenant hands over;
/// every one holds for a key that the tenant keeps.</summary>
internal static class ImportLadder
{
    /// <summary>Good, but not the material that this key is bound to.</summary>
    public const string KeyReplaced = "KeyReplaced";

    /// <summary>A tenant who revokes wants the material gone first of all, whatever else is wrong with the spec. What
    /// another object took back is that one's.</summary>
    public static Finding MaterialWithdrawn(KeyWorld world) =>
        world is not { Import: { } import, IsRevokedByTenant: true, HasSuccessor: false }
            ? Finding.Holds.Now
            : Foremost.Of(import.Regions, region => region.Key.Judge(key => key is null ? Finding.Holds.Now
                : key.Expiry is not null ? Withdrawal(region.Region, key)
                // an interrupted one left earlier materials
                : region.Materials.Judge(held =>
                    held.Any(one => one.IsImported) ? Withdrawal(region.Region, key) : Finding.Holds.Now)));

    private static Finding.Lacks Withdrawal(string region, ImportedKey key) =>
        new("MaterialStands", new KeyAct.WithdrawMaterial(region, key.Key.Id));

    /// <summary>What was handed over opens and is a material that this key is bound to and waits for.</summary>
    public static Finding MaterialValid(KeyWorld world)
    {
        if (world is not { Import: { } import, IsRevokedByTenant: false }
            || !(import.NeedsMaterial || import.IsUntouched))
        {
            return Finding.Holds.Now;
        }

        return import.Bound.Judge(bound => import.Upload.Judge(upload => upload switch
        {
            Upload.Absent absent
                when bound is [] => new Finding.Pending("NotUploaded", world.ProbeInterval, absent.Message),
            Upload.Absent absent => Missing(import, bound, absent.Message),
            Upload.Refused refused => new Finding.Stuck(refused.Code, refused.Message),
            Upload.Ready ready => Valid(import, bound, ready.Fingerprint),
            _ => throw new System.Diagnostics.UnreachableException(upload.GetType().Name),
        }));
    }

    private static Finding Valid(ImportWorld import, IReadOnlyList<KeyRecordMaterial> bound, string handedOver) =>
        bound is [] || Wanted(import.Needed, handedOver, bound) is not null ? Finding.Holds.Now
        : bound.FirstOrDefault(one => one.Fingerprint == handedOver) is { } there
            ? Missing(import, bound,
                $"what was handed over now is that of generation {there.Generation}, which is not missing")
        : import.IsRaised
            ? Missing(import, bound,
                "what was handed over now is new material, which is taken once all that the key had is there again")
        : bound.Count > 1
            ? new Finding.Stuck(KeyReplaced,
                $"what was handed over now is none of the materials of this key: hand over {Named(import.Needed)}")
        : Replaced;

    /// <summary>Null where no material that is waited for is this one. One that no record tells of may be:
    /// then the cloud can tell.</summary>
    private static NeededMaterial? Wanted(
        IReadOnlyList<NeededMaterial> needed, string handedOver, IReadOnlyList<KeyRecordMaterial> bound) =>
        needed.FirstOrDefault(one => one.Fingerprint == handedOver)
        ?? (bound.Any(one => one.Fingerprint == handedOver) ? null
            : needed.Where(one => one.Fingerprint is null).ToList() switch
            {
                [] => null,
                [var only] => only,
                [var first, ..] => first with { Id = null },
            });

    private static Finding.Stuck Missing(ImportWorld import, IReadOnlyList<KeyRecordMaterial> bound, string more) =>
        new("MaterialMissing", bound.Count > 1
            ? $"materials are not in the platform's key, or not with the expiry asked for: hand over "
                + $"{Named(import.Needed)} once more, one after the other in any order; {more}"
            : $"the material is not in the platform's key, or not with the expiry asked for: hand over the same key "
                + $"once more; {more}");

    private static string Named(IReadOnlyList<NeededMaterial> needed) =>
        string.Join(", ", needed.Select(one => MaterialLedger.Name(one.Generation, one.Fingerprint)).Distinct());

    /// <summary>One key per region bears the owner's name and holds the material.</summary>
    public static Finding MaterialImported(KeyWorld world) =>
        world is not { Import: { } import, IsRevokedByTenant: false }
            ? Finding.Holds.Now
            : Foremost.Of(import.Regions, region => MaterialImported(world, import, region));

    /// <summary>Once nobody needs the key: the material goes at once,
    /// the key after the longest time in which a person can still call it back.</summary>
    public static Finding KeyScheduledForDeletion(KeyWorld world) =>
        world.Import is not { } import || IsLeftForData(world)
            ? Finding.Holds.Now
            : Foremost.Of(import.Regions,
                region => region.CreatingSince.Judge(note => region.Key.Judge(key => (note, key) switch
                {
                    (_,
                        { Stands: true, State: not (ImportedKeyState.PendingDeletion
                            or ImportedKeyState.Foreign) } stands) =>
                                new Finding.Lacks("KeyStands", new KeyAct.DestroyKey(region.Region, stands.Key.Id)),
                    ({ } since, _) => Swept(world, import, region.Region, since, keep: null),
                    _ => Finding.Holds.Now,
                })));

    /// <summary>A namespace that goes takes the object along and leaves the data: what that stands under is not
    /// touched, nor where nobody can say.</summary>
    private static bool IsLeftForData(KeyWorld world) =>
        world.IsNamespaceGoing && (world.Retained.Blindness is not null || world.Retained.ForDisplay() is [_, ..]);

    /// <summary>An interrupted creation left no key behind that nobody knows of.</summary>
    public static Finding CreationSettled(KeyWorld world) => world.Import is not { } import
        ? Finding.Holds.Now
        : Foremost.Of(import.Regions,
            region => region.CreatingSince.Judge(note => region.Key.Judge(key => (note, key) switch
            {
                ({ } since, { } named) => Swept(world, import, region.Region, since, named.Key.Id),
                _ => Finding.Holds.Now,
            })));

    private static Finding Swept(
        KeyWorld world, ImportWorld import, string region, DateTimeOffset since, string? keep) =>
        import.Settling - (world.Now - since) is var left && left > TimeSpan.Zero
            ? new Finding.Pending("CreationNotSettled", left,
                $"{region}: a creation was interrupted, and the cloud may not list yet what it left")
            : new Finding.Lacks("CreationNotSwept", new KeyAct.SweepKeys(region, since, keep));

    private static Finding MaterialImported(KeyWorld world, ImportWorld import, ImportRegion region) =>
        region.CreatingSince.Judge(note => region.Key.Judge(key => region.WasUsed.Judge(used => (key, note) switch
        {
            ({ } named, _) => Imported(world, import, region, named),
            (null, _)
                when used =>
                    new Finding.Stuck("KeyMissing",
                        $"{region.Region}: the platform's key that data stands under does not bear its name any more: "
                            + "cancel its deletion, or put its alias back"),
            (null, { } since) => new Finding.Lacks("KeyNotMade", new KeyAct.ResumeCreation(region.Region, since)),
            (null, null) => new Finding.Lacks("KeyNotMade", new KeyAct.CreateKey(region.Region, world.Now)),
        })));

    private static Finding Imported(KeyWorld world, ImportWorld import, ImportRegion region, ImportedKey key) =>
        key.State switch
        {
            ImportedKeyState.Foreign =>
                new Finding.Stuck("KeyNameTaken",
                    $"{key.Key.Id} is a key of somebody else's, or was one and holds the name until its vault forgets "
                        + "it: make a new TenantEncryptionKey with another spec.imported.azure.keyName"),
            ImportedKeyState.PendingDeletion
                when !key.IsRecoverable =>
                    new Finding.Stuck("KeyPendingDeletion",
                        $"{region.Region}: the platform's key is about to be deleted: cancel its deletion while there "
                            + "is time"),
            ImportedKeyState.Disabled =>
                new Finding.Pending("KeyDisabled", world.ProbeInterval,
                    $"{region.Region}: the platform's key is switched off"),
            ImportedKeyState.Unavailable =>
                new Finding.Pending("KeyUnavailable", world.ProbeInterval,
                    $"{region.Region}: the platform's key can't be used at this moment"),
            _ => import.NeededIn(region).Judge(needed => needed is [] ? Noted(import, region)
                : import.Upload.Judge(upload =>
                    upload is Upload.Ready ready
                        && Wanted(needed, ready.Fingerprint, import.Bound.ForDisplay() ?? []) is { } wanted
                        ? new Finding.Lacks("MaterialNotImported",
                            new KeyAct.ImportMaterial(region.Region, key.Key.Id, ready.Fingerprint, wanted.Id))
                        : new Finding.Pending("NotUploaded", world.ProbeInterval))),
        };

    /// <summary>The record knows which material is which before another one is begun.</summary>
    private static Finding Noted(ImportWorld import, ImportRegion region) => import.KnownIn(region).Judge(known =>
        known.FirstOrDefault(one =>
            one is { IsNoted: false, Fingerprint: not null, Held.Id.Length: > 0 }) is { } unnoted
            ? new Finding.Lacks("MaterialNotNoted",
                new KeyAct.NoteMaterial(region.Region, unnoted.Generation, unnoted.Held.Id))
            : Finding.Holds.Now);

    private static Finding.Stuck Replaced => new(
        KeyReplaced,
        "what was handed over now is not the key that was imported first: hand over the first one again, or make a "
            + "new TenantEncryptionKey for this one");
}
