using ByokOperator.Importing.Requests;
using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>What a look found of a key whose material the tenant hands over.</summary>
internal sealed record ImportWorld
{
    public required IReadOnlyList<ImportRegion> Regions { get; init; }

    /// <summary>Blind where it was not needed, so not looked at.</summary>
    public required Fact<Upload> Upload { get; init; }

    /// <summary>Of the material that was imported first: the only one that this key takes. Seen as null before that.</summary>
    public required Fact<string?> Fingerprint { get; init; }

    public required MaterialExpiry Expiry { get; init; }

    /// <summary>The import request that is open for this key, to be shown; seen as null where none is.</summary>
    public Fact<ImportRequest?> Open { get; init; } = Fact.Seen<ImportRequest?>(null);

    /// <summary>How long the cloud's list may lack a key that was made.</summary>
    public required TimeSpan Settling { get; init; }

    /// <summary>Nothing was made in any region, as far as each of them could be looked at.</summary>
    public bool IsUntouched => Regions.All(region => region is { CreatingSince.Blindness: null, Key.Blindness: null, WasUsed.Blindness: null }
        && region.CreatingSince.ForDisplay() is null && region.Key.ForDisplay() is null or { Stands: false } && !region.WasUsed.ForDisplay());

    /// <summary>Something was made in some region, or may have been. Where nobody can look nothing is known to be: what was never Active begins nowhere for that.</summary>
    public bool IsBegun => Regions.Any(region => region.CreatingSince.ForDisplay() is not null || region.Key.ForDisplay() is { Stands: true } || region.WasUsed.ForDisplay());

    /// <summary>Some region waits for the material, or for another expiry of it.</summary>
    public bool NeedsMaterial => Regions.Any(region => region.Key.Blindness is null && Needs(region.Key.ForDisplay()));

    /// <summary>Null where none was seen.</summary>
    public ImportedKey? KeyIn(string region) => Regions.FirstOrDefault(one => one.Region == region)?.Key.ForDisplay();

    public bool Needs(ImportedKey? key) =>
        key is null or { State: ImportedKeyState.PendingImport } or { State: ImportedKeyState.PendingDeletion, IsRecoverable: true } || (key is { State: ImportedKeyState.Enabled, Expiry: { } stands } && stands != Expiry);
}
