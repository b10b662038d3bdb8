using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>The rungs of a key whose material the tenant hands over; every one holds for a key that the tenant keeps.</summary>
internal static class ImportLadder
{
    /// <summary>Good, but not the material that this key is bound to.</summary>
    public const string KeyReplaced = "KeyReplaced";

    /// <summary>A tenant who revokes wants the material gone first of all, whatever else is wrong with the spec.</summary>
    public static Finding MaterialWithdrawn(KeyWorld world) => world is not { Import: { } import, IsRevokedByTenant: true }
        ? Finding.Holds.Now
        : Foremost.Of(import.Regions, region => region.Key.Judge(key => key is { Expiry: not null }
            ? new Finding.Lacks("MaterialStands", new KeyAct.WithdrawMaterial(region.Region, key.Key.Id))
            : Finding.Holds.Now));

    /// <summary>What was handed over opens and is the material that this key is bound to.</summary>
    public static Finding MaterialValid(KeyWorld world)
    {
        if (world is not { Import: { } import, IsRevokedByTenant: false } || !(import.NeedsMaterial || import.IsUntouched))
        {
            return Finding.Holds.Now;
        }

        return import.Fingerprint.Judge(first => import.Upload.Judge(upload => upload switch
        {
            Upload.Absent absent when first is null => new Finding.Pending("NotUploaded", world.ProbeInterval, absent.Message),
            Upload.Absent absent => new Finding.Stuck("MaterialMissing", $"the material is not in the platform's key, or not with the expiry asked for: hand over the same key once more; {absent.Message}"),
            Upload.Refused refused => new Finding.Stuck(refused.Code, refused.Message),
            Upload.Ready ready when first is not null && first != ready.Fingerprint => Replaced,
            Upload.Ready => Finding.Holds.Now,
            _ => throw new System.Diagnostics.UnreachableException(upload.GetType().Name),
        }));
    }

    /// <summary>One key per region bears the owner's name and holds the material.</summary>
    public static Finding MaterialImported(KeyWorld world) => world is not { Import: { } import, IsRevokedByTenant: false }
        ? Finding.Holds.Now
        : Foremost.Of(import.Regions, region => MaterialImported(world, import, region));

    /// <summary>Once nobody needs the key: the material goes at once, the key after the longest time in which a person can still call it back.</summary>
    public static Finding KeyScheduledForDeletion(KeyWorld world) => world.Import is not { } import || IsLeftForData(world)
        ? Finding.Holds.Now
        : Foremost.Of(import.Regions, region => region.CreatingSince.Judge(note => region.Key.Judge(key => (note, key) switch
        {
            (_, { Stands: true, State: not (ImportedKeyState.PendingDeletion or ImportedKeyState.Foreign) } stands) => new Finding.Lacks("KeyStands", new KeyAct.DestroyKey(region.Region, stands.Key.Id)),
            ({ } since, _) => Swept(world, import, region.Region, since, keep: null),
            _ => Finding.Holds.Now,
        })));

    /// <summary>A namespace that goes takes the object along and leaves the data: what that stands under is not touched, nor where nobody can say.</summary>
    private static bool IsLeftForData(KeyWorld world) => world.IsNamespaceGoing && (world.Retained.Blindness is not null || world.Retained.ForDisplay() is [_, ..]);

    /// <summary>An interrupted creation left no key behind that nobody knows of.</summary>
    public static Finding CreationSettled(KeyWorld world) => world.Import is not { } import
        ? Finding.Holds.Now
        : Foremost.Of(import.Regions, region => region.CreatingSince.Judge(note => region.Key.Judge(key => (note, key) switch
        {
            ({ } since, { } named) => Swept(world, import, region.Region, since, named.Key.Id),
            _ => Finding.Holds.Now,
        })));

    private static Finding Swept(KeyWorld world, ImportWorld import, string region, DateTimeOffset since, string? keep) =>
        import.Settling - (world.Now - since) is var left && left > TimeSpan.Zero
            ? new Finding.Pending("CreationNotSettled", left, $"{region}: a creation was interrupted, and the cloud may not list yet what it left")
            : new Finding.Lacks("CreationNotSwept", new KeyAct.SweepKeys(region, since, keep));

    private static Finding MaterialImported(KeyWorld world, ImportWorld import, ImportRegion region) =>
        region.CreatingSince.Judge(note => region.Key.Judge(key => region.WasUsed.Judge(used => (key, note) switch
        {
            ({ } named, _) => Imported(world, import, region.Region, named),
            (null, _) when used => new Finding.Stuck("KeyMissing", $"{region.Region}: the platform's key that data stands under does not bear its name any more: cancel its deletion, or put its alias back"),
            (null, { } since) => new Finding.Lacks("KeyNotMade", new KeyAct.ResumeCreation(region.Region, since)),
            (null, null) => new Finding.Lacks("KeyNotMade", new KeyAct.CreateKey(region.Region, world.Now)),
        })));

    private static Finding Imported(KeyWorld world, ImportWorld import, string region, ImportedKey key) => key.State switch
    {
        ImportedKeyState.Foreign => new Finding.Stuck("KeyNameTaken", $"{key.Key.Id} is a key of somebody else's, or was one and holds the name until its vault forgets it: make a new TenantEncryptionKey with another spec.imported.azure.keyName"),
        ImportedKeyState.PendingDeletion when !key.IsRecoverable => new Finding.Stuck("KeyPendingDeletion", $"{region}: the platform's key is about to be deleted: cancel its deletion while there is time"),
        ImportedKeyState.Disabled => new Finding.Pending("KeyDisabled", world.ProbeInterval, $"{region}: the platform's key is switched off"),
        ImportedKeyState.Unavailable => new Finding.Pending("KeyUnavailable", world.ProbeInterval, $"{region}: the platform's key can't be used at this moment"),
        _ when !import.Needs(key) => Finding.Holds.Now,
        _ => import.Upload.Judge(upload => upload is Upload.Ready ready
            ? new Finding.Lacks("MaterialNotImported", new KeyAct.ImportMaterial(region, key.Key.Id, ready.Fingerprint, key.MaterialId))
            : new Finding.Pending("NotUploaded", world.ProbeInterval)),
    };

    private static Finding.Stuck Replaced => new(
        KeyReplaced,
        "what was handed over now is not the key that was imported first: hand over the first one again, or make a new TenantEncryptionKey for this one");
}
