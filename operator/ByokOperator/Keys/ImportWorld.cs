using Byok.Import.Requests;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>What a look found of a key whose material the tenant hands over.</summary>
internal sealed record ImportWorld
{
    public required IReadOnlyList<ImportRegion> Regions { get; init; }

    /// <summary>Blind where it was not needed, so not looked at.</summary>
    public required Fact<Upload> Upload { get; init; }

    /// <summary>Every material that the key is bound to, oldest first: it takes no other, unless the generation was
    /// raised. Seen as empty before the first.</summary>
    public required Fact<IReadOnlyList<KeyRecordMaterial>> Bound { get; init; }

    /// <summary>As the spec says, as far as it is followed.</summary>
    public int Generation { get; init; } = 1;

    public required MaterialExpiry Expiry { get; init; }

    /// <summary>The import request that is open for this key, to be shown; seen as null where none is.</summary>
    public Fact<ImportRequest?> Open { get; init; } = Fact.Seen<ImportRequest?>(null);

    /// <summary>How long the cloud's list may lack a key that was made.</summary>
    public required TimeSpan Settling { get; init; }

    /// <summary>Nothing was made in any region, as far as each of them could be looked at.</summary>
    public bool IsUntouched =>
        Regions.All(region => region is { CreatingSince.Blindness: null, Key.Blindness: null, WasUsed.Blindness: null }
            && region.CreatingSince.ForDisplay() is null && region.Key.ForDisplay() is null or { Stands: false }
            && !region.WasUsed.ForDisplay());

    /// <summary>Something was made in some region, or may have been. Where nobody can look nothing is known to be: what
    /// was never Active begins nowhere for that.</summary>
    public bool IsBegun =>
        Regions.Any(region =>
            region.CreatingSince.ForDisplay() is not null || region.Key.ForDisplay() is { Stands: true }
                || region.WasUsed.ForDisplay());

    /// <summary>What all regions wait for that could be looked at.</summary>
    public IReadOnlyList<NeededMaterial> Needed =>
        [.. Regions.SelectMany(region => NeededIn(region).ForDisplay() ?? [])];

    /// <summary>Some region waits for a material, or for another expiry of it.</summary>
    public bool NeedsMaterial => Needed.Count > 0;

    /// <summary>The key is bound to nothing newer yet than what the spec asks to be followed by new material.</summary>
    public bool IsRaised => Newest is { } newest && Generation > newest.Generation;

    /// <summary>New material was begun and is not in every region.</summary>
    public bool IsNewMaterialMissing => Newest is not null && Regions.Any(region => LacksNewest(region).ForDisplay());

    /// <summary>
    /// The newest material is pending in a region, or in some regions and not in others: it is brought to its end
    /// before another one is begun, or regions would differ in what is current, and one id stand for two materials.
    /// What no region has, because it was taken away before it was current, nothing waits for.
    /// </summary>
    public bool IsNewUnderWay => Regions.Any(region =>
            region.Materials.ForDisplay()?.Any(one => one.Use == MaterialUse.PendingRotation) == true)
        || (IsNewMaterialMissing && Regions.Any(HoldsNewest));

    private bool HoldsNewest(ImportRegion region) =>
        KnownIn(region).ForDisplay()?.Any(one => one.Generation == Newest?.Generation) == true;

    private KeyRecordMaterial? Newest => Bound.ForDisplay() is [.., var newest] ? newest : null;

    /// <summary>Null where none was seen.</summary>
    public ImportedKey? KeyIn(string region) => Regions.FirstOrDefault(one => one.Region == region)?.Key.ForDisplay();

    /// <summary>Of a vault: the version that holds the newest material that the tenant handed over, once the record
    /// says which that is. Seen as null where the key has one material alone, or none that could be used.</summary>
    public Fact<string?> VersionIn(string region) =>
        Regions.FirstOrDefault(one => one.Region == region) is { Listed: not null } there
            && there.Key.ForDisplay()?.State == ImportedKeyState.Enabled
            ? KnownIn(there).Select(known =>
                known.FirstOrDefault(one => one.IsNoted && one.Generation == Newest?.Generation
                    && one.Held is { Use: MaterialUse.Current, IsImported: true })?.Held.Id)
            : Fact.Seen<string?>(null);

    public Fact<IReadOnlyList<KnownMaterial>> KnownIn(ImportRegion region) =>
        region.Materials.Blindness is { } why ? Fact.Blind<IReadOnlyList<KnownMaterial>>(why)
        : Bound.Select(bound =>
            MaterialLedger.Of(region.Region, region.Materials.ForDisplay() ?? [], bound, Generation));

    /// <summary>The region's key has material, and not that of the newest generation.</summary>
    public Fact<bool> LacksNewest(ImportRegion region) =>
        KnownIn(region)
            .Select(known =>
                known is [_, ..] && Newest is { } newest && known.All(one => one.Generation != newest.Generation));

    /// <summary>
    /// Materials that are not there or stand with another expiry than is asked for: the key works with all of them or
    /// not at all. One that never held any needs the newest. Empty where nothing can be imported now.
    /// </summary>
    public Fact<IReadOnlyList<NeededMaterial>> NeededIn(ImportRegion region) => region.Key.Blindness is { } why
        ? Fact.Blind<IReadOnlyList<NeededMaterial>>(why)
        : KnownIn(region)
            .Select(known =>
                Needs(region.Region, region.Key.ForDisplay(),
                    [.. known.Where(one => !one.Held.IsSpare && one.Held.Use != MaterialUse.PendingRotation)]));

    private IReadOnlyList<NeededMaterial> Needs(string region, ImportedKey? key, IReadOnlyList<KnownMaterial> known) =>
        key switch
        {
            null or { State: ImportedKeyState.PendingImport }
                or { State: ImportedKeyState.PendingDeletion, IsRecoverable: true } =>
                known is [] ? [new(region, Newest?.Generation ?? Generation, Newest?.Fingerprint, null)]
                : known.All(one => one.Held.IsImported) ? Of(region, known)
                : Of(region, known.Where(one => !one.Held.IsImported)),
            { State: ImportedKeyState.Enabled } =>
                Of(region, known.Where(one => one.Held.Expiry is { } stands && stands != Expiry)),
            _ => [],
        };

    private static IReadOnlyList<NeededMaterial> Of(string region, IEnumerable<KnownMaterial> known) =>
        [.. known.Select(one =>
            new NeededMaterial(region, one.Generation, one.Fingerprint, one.Held.Id is "" ? null : one.Held.Id))];
}
