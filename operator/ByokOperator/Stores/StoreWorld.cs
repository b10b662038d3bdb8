using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Returning;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>Everything one reconcile of a store looked at. No field comes from the status we wrote last time.</summary>
internal sealed record StoreWorld
{
    private readonly Fact<bool>? isGrantRight;

    public required string Uid { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required bool IsDeleting { get; init; }

    public required bool IsPaused { get; init; }

    /// <summary>Our finalizer stands.</summary>
    public required bool IsClaimed { get; init; }

    /// <summary>Field and mend, one sentence each, rules between objects included; empty means valid.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>Which of the key's regions the store stands in.</summary>
    public required string Region { get; init; }

    /// <summary>Of the object of the key that the store's default is on, whatever the spec says since.</summary>
    public string KeyName { get; init; } = "";

    /// <summary>The spec names none.</summary>
    public bool NamesNoKey { get; init; }

    /// <summary>The key that the spec asks for instead; null where it asks for no other.</summary>
    public string? WantedKey { get; init; }

    /// <summary>A change of key that is asked for or under way; null where nobody looked for one.</summary>
    public KeyChange? Change { get; init; }

    /// <summary>The store's other bucket, while its data moves from one to the other; null where the record speaks of
    /// one.</summary>
    public NextWorld? Next { get; init; }

    /// <summary>The way back to the shared place that is asked for or under way; null where there is none.</summary>
    public ReturnWorld? Return { get; init; }

    /// <summary>Blind until the key was first judged by this process;
    /// seen as null where a live read says that there is no such key.</summary>
    public required Fact<KeySnapshot?> Key { get; init; }

    /// <summary>Further keys that objects stand under.</summary>
    public IReadOnlyList<PinnedKey> AlsoPinned { get; init; } = [];

    /// <summary>The key that the store's default is on. What is taken back was made under another one's canary, and is
    /// proved by who takes it back.</summary>
    public PinnedKey Active =>
        new(KeyName, Adoption is null ? Pin.ForDisplay()
            : null, Key) { MaxStaleness = MaxStaleness, UnjudgedUntil = UnjudgedUntil };

    /// <summary>All that have to be usable for the store to be open.</summary>
    public IEnumerable<PinnedKey> Keys => AlsoPinned.Prepend(Active);

    public required Fact<TargetFacts> Target { get; init; }

    /// <summary>The key that the target was made under; seen as null where none is pinned yet.</summary>
    public required Fact<KeyPin?> Pin { get; init; }

    /// <summary>Whether grants of ours may stand on its keys.</summary>
    public required bool NeedsGrant { get; init; }

    /// <summary>A grant of ours stands on some key of the store's.</summary>
    public required Fact<bool> IsGranted { get; init; }

    /// <summary>The tenant's workloads are let in, where the platform names any, and nobody else.</summary>
    public Fact<bool> IsGrantRight { get => isGrantRight ?? IsGranted; init => isGrantRight = value; }

    /// <summary>All zero where the spec selects none.</summary>
    public required Fact<WorkloadState> Workloads { get; init; }

    /// <summary>Seen as null where none stands.</summary>
    public required Fact<BindingFacts?> Binding { get; init; }

    /// <summary>Digest of what the binding has to say.</summary>
    public required string WantedBinding { get; init; }

    /// <summary>Null where the store has no shared place to come from.</summary>
    public required MigrationWorld? Migration { get; init; }

    /// <summary>Copy Jobs that carry this store's UID, whatever for; read live while closing and deleting.</summary>
    /// <summary>The binding leads to the shared place. It is no way into the store,
    /// and does not count as <see cref="Binding"/>.</summary>
    public Fact<bool> IsPointed { get; init; } = Fact.Blind<bool>("NotLooked");

    public required Fact<int> CopyJobs { get; init; }

    /// <summary>Seen as null where none was written.</summary>
    public required Fact<ReportFacts?> Report { get; init; }

    public required TimeSpan ReportInterval { get; init; }

    /// <summary>The annotation <c>byok.dev/report-at</c>; null where there is none.</summary>
    public required string? ReportRequested { get; init; }

    /// <summary>One of <see cref="Api.DeletionPolicies"/>.</summary>
    public required string DeletionPolicy { get; init; }

    /// <summary>The annotation <c>byok.dev/confirm-delete</c> says the store's own name.</summary>
    public required bool IsDeletionConfirmed { get; init; }

    /// <summary>A record stands that says that this place outlives its object.</summary>
    public required Fact<bool> IsRetentionRecorded { get; init; }

    /// <summary>Why the store's record counts for nothing but closing;
    /// null where it is authentic or none was written.</summary>
    public RecordedFault? RecordFault { get; init; }

    /// <summary>This process saw it shut, and nothing of it open since. What a status says is nobody's word.</summary>
    public bool WasShut => ShutSince is not null;

    /// <summary>Since when this process sees it shut; null where it does not.</summary>
    public DateTimeOffset? ShutSince { get; init; }

    /// <summary>What our record says of its last closing; null where it says nothing, or can't be trusted.</summary>
    public StoreClosure? Closure { get; init; }

    /// <summary>What the platform did not give; seen as null where it gave all that the spec names.</summary>
    public Fact<Ruling.Refused?> Refusal { get; init; } = Fact.Seen<Ruling.Refused?>(null);

    /// <summary>Refused before anything was put anywhere: nothing was looked at.</summary>
    public bool IsHeldOff { get; init; }

    /// <summary>What an earlier store of that name left, until it is this one's; null where there is none,
    /// or it is.</summary>
    public Takeover? Adoption { get; init; }
    /// <summary>What the platform would have to do where the operator has no rights in the namespace.</summary>
    public string MendOfRights { get; init; } = "";

    public bool IsRefused => Refusal.IsRefused();

    /// <summary>The platform says that it deleted the place.</summary>
    public bool IsReleased { get; init; }

    /// <summary>A fence of a store whose object is gone, with no other of its name to go on behind it;
    /// null where none stands.</summary>
    public Fact<string?> LeftFence { get; init; } = Fact.Seen<string?>(null);

    /// <summary>A place is on record: something may stand there, whatever can be seen of it.</summary>
    public bool IsPlaced { get; init; }

    /// <summary>What stands in the place on record does not say that it is this store's, or the record that says which
    /// place it is can't be trusted and nothing stands where one would be: nobody looked into it, for marks or anything
    /// else.</summary>
    public bool IsPlaceUntold => IsPlaced && Target.ForDisplay() is { Ownership: var whose }
        && (whose is StoreOwnership.Unmarked or StoreOwnership.Forbidden or StoreOwnership.Stranger
            || (whose == StoreOwnership.Absent && RecordFault is not null));

    /// <summary>So is the key that the place was made under: it stood, and was not only announced.</summary>
    public bool IsPinRecorded { get; init; }

    /// <summary>How long it is borne not to know, as far as the key's spec can be read;
    /// a judged key says it itself.</summary>
    public TimeSpan MaxStaleness { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Until when it is borne that nobody in this process could judge the key;
    /// null where somebody did.</summary>
    public DateTimeOffset? UnjudgedUntil { get; init; }

    /// <summary>Since when nobody could look at a store that has a place; null where somebody does.</summary>
    public DateTimeOffset? UnseenSince { get; init; }

    /// <summary>What our record says of it; null where it says nothing, or can't be trusted.</summary>
    public DateTimeOffset? UnseenOnRecord { get; init; }

    /// <summary>Since when this process wants it closed; null where it does not.</summary>
    public DateTimeOffset? ClosingSince { get; init; }

    /// <summary>Since when it is to be closed and was not seen to be; null where it was.</summary>
    public DateTimeOffset? HeldUpSince { get; init; }

    /// <summary>How far the move is, for status; nothing is decided on it.</summary>
    public MigrationProgress? Shown { get; init; }

    /// <summary>The look that this world is of, for the report; nothing is decided on it.</summary>
    public StoreLook? Look { get; init; }

    /// <summary>The object is gone; this is what its record says. Such a store is closed like any other, and never
    /// opened again by the operator.</summary>
    public bool IsRecordedOnly { get; init; }

    /// <summary>Nothing stands where the store was put, and did not for longer than a cloud may lag; only looked at
    /// where the object is gone.</summary>
    public bool IsLongAbsent { get; init; }

    /// <summary>The whole namespace is going: nothing can be created in it any more.</summary>
    public bool IsNamespaceGoing { get; init; }
}

/// <summary>The world of one look together with what only display and the report need of it.</summary>
internal sealed record StoreLook(
    StoreWorld World,
    StorePlaces Places,
    TenantEncryptionKey? Key,
    Fact<StoreDescription> Target,
    Fact<SharedDescription?> Shared,
    MigrationLook? Migration);
