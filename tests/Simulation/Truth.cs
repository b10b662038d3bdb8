using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Stores;

namespace Simulation;

/// <summary>How things really are, in the tenant's KMS, in the clouds and in the cluster. Nobody sees all of it at once.</summary>
internal sealed class Truth
{
    public const int Keys = 3;
    public const int Shards = 2;
    public const int Workloads = 2;

    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(60);
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = Start;

    // The tenant's KMS.
    public int Material { get; set; } = 1;
    public bool IsDisabled { get; set; }
    public bool IsUnreachable { get; set; }
    public bool TellsMaterial { get; set; }

    // The key object and its ConfigMaps.
    public bool KeyExists { get; set; } = true;
    public bool KeyIsClaimed { get; set; }
    public bool KeyIsDeleting { get; set; }
    public string KeyState { get; set; } = KeyStates.Active;
    public bool PolicyStands { get; set; }
    public StoredCanary? Canary { get; set; }
    public int CanaryMaterial { get; set; }
    public int CanariesMinted { get; set; }
    public DateTimeOffset? UnknownSince { get; set; }
    public DateTimeOffset? RevokedSince { get; set; }
    public bool IsRetained { get; set; }

    // The store object and what is in the cluster for it.
    public bool StoreExists { get; set; } = true;
    public bool StoreIsClaimed { get; set; }
    public bool StoreIsDeleting { get; set; }
    public bool IsPaused { get; set; }
    public bool IsDeletionConfirmed { get; set; }
    public string DeletionPolicy { get; set; } = DeletionPolicies.Retain;
    public bool HasShared { get; set; } = true;
    public bool Quiesces { get; set; }
    public BindingFacts? Binding { get; set; }
    public int Running { get; set; } = Workloads;
    public int Suspended { get; set; }
    public List<CopyRun> Jobs { get; } = [];
    public ReportFacts? Report { get; set; }

    // The shared bucket.
    public bool IsVersioned { get; set; }
    public Place Source { get; } = new();
    public Place Neighbour { get; } = new();
    public string? Fence { get; set; }
    public int FencesRaised { get; set; }

    // The target.
    public TargetOwnership Ownership { get; set; } = TargetOwnership.Absent;
    public bool HasDrift { get; set; }
    public bool IsDenied { get; set; }
    public bool IsGranted { get; set; }
    public KeyPin? Pin { get; set; }
    public int PinMaterial { get; set; }
    public Place Target { get; } = new();
    public Dictionary<string, Version[]?[]> LastWords { get; } = [];
    public ReceiptFacts? Receipt { get; set; }
    public List<Version> Manifest { get; } = [];
    public ServedMark? Served { get; set; }
    public string? Retired { get; set; }

    // What clients were told.
    public Place Acknowledged { get; } = new();
    public List<Version> Strays { get; } = [];

    public bool CanUseKey => KeyState != KeyStates.Revoked && !IsDisabled && !IsUnreachable;

    /// <summary>What a live proof against the pin says, canary and all.</summary>
    public bool Proves(KeyPin pin) =>
        KeyExists && CanUseKey && Canary is { } canary && CanaryMaterial == Material && canary.Pin.IsSameKeyAs(pin);

    public bool IsWanted => StoreExists && StoreIsClaimed && !StoreIsDeleting;

    public bool AllShardsDone(string fingerprint) =>
        LastWords.TryGetValue(fingerprint, out var words) && Array.TrueForAll(words, word => word is not null);

    public bool AnyCopyRuns => Jobs.Exists(job => !job.IsDone && !job.IsFailed);
}
