namespace Simulation.Imports;

/// <summary>Bugs of imported keys that are seeded on purpose. Each must be caught, or the harness has no teeth.</summary>
public enum ImportBug
{
    None,

    // A key that nobody knows of.
    NoNoteBeforeCreation,
    NoteGoesBeforeTheName,
    EmptyListCountsAtOnce,
    OldDecisionMakesAKey,
    BlindMeansAbsent,

    // Another material.
    ImportsWhatStandsThere,
    RemembersMaterialAfterImport,

    // Against the tenant's will.
    ImportsThoughRevoked,
    WithdrawsFromOneRegionOnly,
    DestroysAKeyInUse,
}
