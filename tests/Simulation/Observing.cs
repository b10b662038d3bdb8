using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using ByokOperator.Stores;

namespace Simulation;

/// <summary>One look at the truth, through reads that fail. The ladders get nothing else.</summary>
internal sealed class Observing(Truth truth, Rng rng, Bug bug)
{
    private const int FailedReadOneIn = 12;

    public const string Region = "r1";
    public const string KeyId = "k1";
    public const string Content = "b1";

    private static readonly TimeSpan reportInterval = TimeSpan.FromDays(30);
    private static readonly string[] drift = ["Encryption"];
    private static readonly string[] storeNames = ["acme"];

    private bool faulty;

    /// <summary>Which parts of the closing could be seen in the last look; what could not be seen can't have been closed.</summary>
    public HashSet<string> Unseen { get; } = [];

    public bool KeyWasSeen { get; private set; }

    public KeyWorld Key(bool faults)
    {
        faulty = faults;
        var canary = Maybe(truth.Canary, "canary");
        var answer = canary.Blindness is null ? Maybe<KeyAnswer>(Ask(), "answer", absent: Answer(Verdict.Unknown, "NotProbed")) : Fact.Blind<KeyAnswer>("ReadFailed");
        var unknownSince = Maybe(truth.UnknownSince, "clock");
        KeyWasSeen = answer.Blindness is null && (!truth.IsUnreachable || unknownSince.Blindness is null);
        return new KeyWorld
        {
            Uid = "key-uid",
            Now = truth.Now,
            IsDeleting = truth.KeyIsDeleting,
            IsPaused = false,
            IsClaimed = truth.KeyIsClaimed,
            Violations = [],
            State = truth.KeyState,
            IsRevocationConfirmed = true,
            ProbeInterval = Truth.ProbeInterval,
            MaxStaleness = Truth.MaxStaleness,
            RequiredPolicy = "p1",
            PublishedPolicy = Maybe<string?>(truth.PolicyStands ? "p1" : null, "policy"),
            Regions =
            [
                new KeyRegion
                {
                    Region = Region,
                    KeyId = KeyId,
                    Answer = answer,
                    Canary = bug is Bug.CanaryOverwritten && truth.CanaryMaterial != truth.Material ? Fact.Seen<StoredCanary?>(null) : canary,
                    UnknownSince = unknownSince,
                    RevokedSince = Maybe(truth.RevokedSince, "clock"),
                },
            ],
            Users = Maybe<IReadOnlyList<string>>(truth.StoreExists ? storeNames : [], "users", absent: []),
            Retained = bug is Bug.KeyReleasedThoughRetained ? Fact.Seen<IReadOnlyList<string>>([]) : Maybe<IReadOnlyList<string>>(truth.IsRetained ? storeNames : [], "retained", absent: []),
        };
    }

    public StoreWorld Store(KeyStanding? board, bool faults)
    {
        faulty = faults;
        Unseen.Clear();
        var binding = Maybe(truth.Binding, "BindingRemoved");
        var workloads = Maybe(new WorkloadState(truth.Running, truth.Suspended), "WorkloadsSuspended", absent: new(0, 0));
        return new StoreWorld
        {
            Uid = "store-uid",
            Now = truth.Now,
            IsDeleting = truth.StoreIsDeleting,
            IsPaused = truth.IsPaused,
            IsClaimed = truth.StoreIsClaimed,
            Violations = [],
            Region = Region,
            Key = Standing(board),
            Target = Maybe(Target(), "TargetDenied", absent: TargetFacts.Absent),
            Pin = bug is Bug.ReopenOnAnotherKey && truth.Pin is not null ? Fact.Seen<KeyPin?>(board?.Regions[Region].Pin ?? truth.Pin) : Maybe(truth.Pin, "pin"),
            NeedsGrant = true,
            IsGranted = Maybe(truth.IsGranted, "GrantsRevoked"),
            Workloads = workloads,
            Binding = binding,
            WantedBinding = Content,
            Migration = truth.HasShared ? Migration(binding, workloads) : null,
            CopyJobs = Maybe(truth.Jobs.Count, "CopyJobsGone"),
            Report = Maybe(truth.Report, "report"),
            ReportInterval = reportInterval,
            ReportRequested = null,
            DeletionPolicy = truth.DeletionPolicy,
            IsDeletionConfirmed = truth.IsDeletionConfirmed,
            IsRetentionRecorded = Maybe(truth.IsRetained, "retention"),
        };
    }

    private TargetFacts Target() => new(
        bug is Bug.NoOwnershipCheck && truth.Ownership is TargetOwnership.Stranger ? TargetOwnership.Ours : truth.Ownership,
        truth.HasDrift ? drift : [],
        truth.IsDenied,
        truth.Target.IsEmpty && truth.LastWords.Count == 0);

    private MigrationWorld Migration(Fact<BindingFacts?> binding, Fact<WorkloadState> workloads) => new()
    {
        Now = truth.Now,
        Scope = "scope",
        Spec = "s1",
        KeepSourceFor = TimeSpan.FromSeconds(20),
        FenceTimeout = TimeSpan.FromHours(1),
        FenceLiftedAt = Fact.Seen<DateTimeOffset?>(null),
        Quiesces = truth.Quiesces,
        Workloads = workloads,
        Source = Maybe(new SourceFacts(Exists: true, truth.Source.IsEmpty, truth.Fence, truth.Fence is null ? null : truth.Now), "source", absent: new(Exists: true, IsEmpty: true, null)),
        Receipt = Maybe(truth.Receipt, "receipt"),
        Served = bug is Bug.NoServedMark ? binding.Select(seen => seen is null ? null : truth.Served) : Maybe(truth.Served, "served"),
        Retired = Maybe(truth.Retired, "retired"),
        Copies = Maybe(Copies(), "copies", absent: []),
        Binding = binding,
        WantedBinding = Content,
    };

    private IReadOnlyList<CopyFacts> Copies()
    {
        var names = truth.Jobs.Select(job => job.Fingerprint).Concat(truth.LastWords.Keys).Distinct();
        return [.. names.Select(Copy).Where(copy => bug is not Bug.StragglerCopyLeftRunning || copy.Outcome is not JobOutcome.Running || IsCurrent(copy.Fingerprint))];
    }

    private bool IsCurrent(string fingerprint) => fingerprint.StartsWith("bulk", StringComparison.Ordinal) || fingerprint == $"delta-s1-{truth.Fence}";

    private CopyFacts Copy(string fingerprint)
    {
        var jobs = truth.Jobs.Where(job => job.Fingerprint == fingerprint).ToList();
        var shown = bug is Bug.DeltaNotBoundToItsFence && fingerprint.StartsWith("delta", StringComparison.Ordinal) && truth.Fence is not null && truth.AllShardsDone(fingerprint)
            ? $"delta-s1-{truth.Fence}"
            : fingerprint;
        var outcome = IsDone(fingerprint) ? JobOutcome.Succeeded
            : jobs.Exists(job => !job.IsDone && !job.IsFailed) ? JobOutcome.Running
            : jobs.Exists(job => job.IsFailed) ? JobOutcome.Failed
            : JobOutcome.Absent;
        return new CopyFacts(shown, outcome, jobs.Count(job => job.IsFailed), jobs.Count > 0);
    }

    private bool IsDone(string fingerprint) => bug is Bug.OneShardCountsAsAll
        ? truth.LastWords.TryGetValue(fingerprint, out var words) && Array.Exists(words, word => word is not null)
        : truth.AllShardsDone(fingerprint);

    private KeyAnswer Ask() => this switch
    {
        _ when truth.IsUnreachable && bug is Bug.UnknownIsUsable => Answer(Verdict.Usable, "Proved"),
        _ when truth.IsUnreachable && bug is Bug.UnknownClosesAtOnce => Answer(Verdict.Revoked, "Unreachable"),
        _ when truth.IsUnreachable => Answer(Verdict.Unknown, "Unreachable"),
        _ when truth.IsDisabled => Answer(Verdict.Revoked, "KeyDisabled"),
        _ when truth.Canary is not null && truth.CanaryMaterial != truth.Material && bug is not Bug.CanaryOverwritten => Answer(Verdict.Revoked, "KeyReplaced"),
        _ => Answer(Verdict.Usable, "Proved"),
    };

    private KeyAnswer Answer(Verdict verdict, string reason) => new(
        verdict, reason, "", verdict is Verdict.Usable && (truth.Canary is null || truth.CanaryMaterial != truth.Material) ? "canary" : null, [], truth.Now);

    private Fact<KeyStanding?> Standing(KeyStanding? board) =>
        bug is Bug.MissingKeyIsIgnored && !truth.KeyExists ? Fact.Blind<KeyStanding?>("NotJudged")
        : !truth.KeyExists ? Maybe<KeyStanding?>(null, "key")
        : board is null ? (bug is Bug.BlindMeansAbsent ? Fact.Seen<KeyStanding?>(null) : Fact.Blind<KeyStanding?>("NotJudged"))
        : Fact.Seen<KeyStanding?>(board);

    private Fact<T> Maybe<T>(T value, string part, T absent = default!)
    {
        if (!faulty || !rng.Once(FailedReadOneIn))
        {
            return Fact.Seen(value);
        }

        Unseen.Add(part);
        return bug is Bug.BlindMeansAbsent ? Fact.Seen(absent) : Fact.Blind<T>("ReadFailed");
    }
}
