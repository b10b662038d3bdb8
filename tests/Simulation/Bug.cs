namespace Simulation;

/// <summary>Bugs that are seeded on purpose. Each must be caught, or the harness has no teeth.</summary>
public enum Bug
{
    None,

    // The variants that the design was chosen over.
    BlindMeansAbsent,
    NoWriteFence,
    DeltaNotBoundToItsFence,
    ActsWithoutPrecondition,
    StoredPhase,

    // About the key.
    ReopenOnAnotherKey,
    UnknownIsUsable,
    UnknownClosesAtOnce,
    ClockForgottenAtRestart,
    CanaryOverwritten,
    MissingKeyIsIgnored,
    KeyReleasedThoughRetained,
    OpensBeforeAnyProof,
    WeakerWriteWhenKeyIsOff,

    // About closing.
    ClosingStopsAtFirstFailure,
    PauseHoldsClosingBack,
    DeletingGoesBeforeClosing,

    // About the data.
    DeletesByPrefixWithoutSlash,
    NoOwnershipCheck,
    ReceiptBeforeDelta,
    OneShardCountsAsAll,
    NoServedMark,
    FenceLiftedBeforeRetired,
    RetiresBeforeServed,
    DeletingRetiresTheSource,
    StragglerCopyLeftRunning,
}
