namespace Simulation.Real;

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
    GateTakesOldProofs,

    // About imported keys: one that nobody knows of, another material, or something against the tenant's will.
    NoNoteBeforeCreation,
    NoteGoesBeforeTheName,
    EmptyListCountsAtOnce,
    OldDecisionMakesAKey,
    BlindMeansNoKey,
    ImportsWhatStandsThere,
    RemembersMaterialAfterImport,
    ImportsThoughRevoked,
    WithdrawsFromOneRegionOnly,
    DestroysAKeyInUse,

    // About new material under an imported key: one forgotten, one too early, one that nobody asked for.
    MaterialForgottenAtUnrevoke,
    NewestMaterialAloneIsWithdrawn,
    RotatedBeforeEveryRegionHasIt,
    RotatesInOneRegionOnly,
    NewMaterialWithoutARaise,
    NewMaterialIsWrittenDownAfterItsImport,
    PendingIsForgottenWhenWithdrawn,
    OneRegionAloneIsBroughtBack,
    RotationsAreNotCounted,

    // About a change of key: what is let go too early, opened on too few keys, or written over.
    OldKeyUnpinnedBeforeZero,
    OneShardsCensusCountsForAll,
    AnotherRunsCensusCounts,
    HeadTellsTheNewKey,
    UpdateIsSaidAndNotDone,
    EarlierVersionsAreForgotten,
    MarksAreForgotten,
    UploadsAreForgotten,
    NewerObjectIsWrittenOver,
    OldKeyRevokedStaysOpen,
    ReopensOnOneOfTwoKeys,
    UnusableCandidateCloses,
    RedirectsOnAnOldProof,
    NewKeyIsNotAdmitted,
    OldKeyIsAdmittedForEver,
    OverlapIsCutShort,
    KeptKeyIsLetGo,
    OldKeysObjectIsLetGo,

    // About the way back: begun unasked, brought under less than was said, let go too early, or led to too early.
    ReturnsWithoutConsent,
    WeakerCopyPassesForTheOrdered,
    DefaultIsReadOnce,
    SharedPlaceIsNotHeld,
    LostHoldCountsAsStanding,
    StoreIsNotFencedForItsReturn,
    ServedMarkStaysBehind,
    StoreIsEmptiedAtTheReceipt,
    RecordEndsBeforeThePlace,
    HoldIsNeverReleased,
    CopiesStandAfterGivingUp,
    ReturnGoesOnThoughRevoked,
    StrangersObjectIsWrittenOver,
    OldBindingIsLetIn,
    LeadsBackBeforeTheReceipt,
    NewestVersionAloneGoesBack,

    // About closing.
    ClosingStopsAtFirstFailure,
    PauseHoldsClosingBack,
    DeletingGoesBeforeClosing,
    DenyIsForgotten,
    BindingIsForgotten,
    CopiesAreForgotten,
    WorkloadsAreForgotten,
    ClosesOnlyWhatIsBound,
    FailedLookKillsTheReconcile,
    RateLimitReadAsRevoked,
    DeniesWhoeverItIs,
    StalenessIsNeverReached,
    ClosesOneThingAtATime,

    // What the running operator was once seen to do, each as it was.
    PolicyRefusedMeansOpen,
    NonsenseRecordKillsTheLook,
    NoClockWithoutRecord,
    OthersPlaceCountsAsDone,
    ClosesByTagAlone,
    RetainedIsForgotten,
    GrantsOnTenantsKeys,
    RecentChangeReadAsPending,
    OwnPolicyReadAsRevocation,
    ProxyRateReadAsRevoked,
    PoisonBlindsTheList,
    SetAsideIsForgotten,
    ClosedIsSaidUnread,

    // After a restore.
    EarlierIsForgotten,

    // About what the platform gives.
    BeginsWhatWasTakenBack,

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
    DeletesWithoutConfirmation,
    LiftsAnyFence,
    ClaimIsSkipped,
    FenceIsNeverLifted,
    WindowEndLosesFence,
    ReportsAtEachLook,
}
