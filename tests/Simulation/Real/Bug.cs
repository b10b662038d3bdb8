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

    // About the move to the next bucket: what is left open, gone too early, or believed of another move.
    OtherBucketIsLeftOpen,
    NextBucketIsForgotten,
    NextBucketGoesWithTheOnlyCopy,
    OldBucketIsNotFenced,
    OldBucketGoesBeforeTheOverlap,
    CopiesComeUnderTheOldKey,
    OldKeyIsLetGoBeforeItsBucket,
    EarlierNumbersReceiptIsBelieved,
    SwitchLeavesNoMark,
    UnclearBucketsAreFollowed,

    // About accounts on Azure: the key let go too early, shut by half, not found again.
    OldKeyIsLetGoBeforeTheRewrap,
    AccountIsShutByHalf,
    PinIsForgotten,
    InterruptedClosingIsLeftSo,
    RoleIsNotGivenBack,

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

    // About a deletion that sends the data back: not followed, followed unasked, or let go of too early.
    DeletionPolicyIsForgotten,
    ReturnsThoughRetainIsSaid,
    DeletionReturnsWithoutConsent,
    ObjectGoesBeforeItsReturnIsTakenBack,
    ShutStoreIsLetGoWithoutItsData,

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
