using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>Everything one reconcile of a key looked at. No field comes from the status we wrote last time.</summary>
internal sealed record KeyWorld
{
    public required string Uid { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required bool IsDeleting { get; init; }

    public required bool IsPaused { get; init; }

    /// <summary>Our finalizer stands.</summary>
    public required bool IsClaimed { get; init; }

    /// <summary>Field and mend, one sentence each; empty means valid.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>The tenant's will. An unconfirmed Revoked is a violation, not a revocation.</summary>
    public required string State { get; init; }

    public required bool IsRevocationConfirmed { get; init; }

    public required TimeSpan ProbeInterval { get; init; }

    public required TimeSpan MaxStaleness { get; init; }

    /// <summary>Null where rotations are followed without asking;
    /// empty where none was confirmed beyond the first.</summary>
    public string? ConfirmedVersion { get; init; }

    /// <summary>Workloads stand still while a version waits for its confirmation.</summary>
    public bool PausesUnconfirmed { get; init; } = true;

    /// <summary>Digest of what the tenant must allow; null where the key is
    /// the platform's own and nobody has to.</summary>
    public required string? RequiredPolicy { get; init; }

    /// <summary>Digest of what stands published; seen as null where nothing does.</summary>
    public required Fact<string?> PublishedPolicy { get; init; }

    /// <summary>What the platform would have to do where the operator has no rights in the namespace.</summary>
    public string MendOfRights { get; init; } = "";

    public required IReadOnlyList<KeyRegion> Regions { get; init; }

    /// <summary>Null for a key that the tenant keeps.</summary>
    public ImportWorld? Import { get; init; }

    /// <summary>Names of the stores that name this key, deleting ones too;
    /// read live when the key is being deleted.</summary>
    public required Fact<IReadOnlyList<string>> Users { get; init; }

    /// <summary>
    /// Buckets that outlived their store object under this key: those that a store's record names and that still stand
    /// and are ours. The alternative, finding buckets by tag, needs the right to list every bucket of the account.
    /// </summary>
    public required Fact<IReadOnlyList<string>> Retained { get; init; }

    /// <summary>Why the key's record counts for nothing; null where it is authentic or none was written.</summary>
    public RecordedFault? RecordFault { get; init; }

    /// <summary>The object is gone; this is what its record says.</summary>
    public bool IsRecordedOnly { get; init; }

    /// <summary>A store's record names this key; only looked at where nothing
    /// but the key's own record is left.</summary>
    public bool IsNeeded { get; init; } = true;

    /// <summary>What an earlier key of that name left, until it is this one's; null where there is none,
    /// or it is.</summary>
    public Takeover? Adoption { get; init; }

    /// <summary>The object is gone, and another one of its name has taken its keys back.</summary>
    public bool IsSuperseded { get; init; }

    /// <summary>The object is gone, and another one of its name may take its keys back or has: the tenant's word is
    /// that one's.</summary>
    public bool HasSuccessor { get; init; }

    /// <summary>The whole namespace is going: nothing in it may wait for a person any more.</summary>
    public bool IsNamespaceGoing { get; init; }

    /// <summary>The record says what the spec says, or nothing is recorded of this key yet.</summary>
    public bool IsSpecRecorded { get; init; } = true;

    /// <summary>The record says so still: an Active spec has become that since.</summary>
    public bool WasOnStandby { get; init; }

    /// <summary>What the platform did not give; seen as null where it gave all that the spec names.</summary>
    public Fact<Ruling.Refused?> Refusal { get; init; } = Fact.Seen<Ruling.Refused?>(null);

    /// <summary>What of the spec is beyond the platform's limits, and what counts instead;
    /// empty where nothing is.</summary>
    public string Capped { get; init; } = "";

    /// <summary>Refused before anything was proved or made: nothing was looked at.</summary>
    public bool IsHeldOff { get; init; }

    /// <summary>Stores under the key whose children somebody touched since they were last seen;
    /// looked at once the judgement is told.</summary>
    public IReadOnlyList<ObjectKey> Touched { get; init; } = [];

    /// <summary>Not even its regions could be worked out: what was known of the key stays.</summary>
    public bool IsUntold { get; init; }

    public bool IsRefused => Refusal.IsRefused();

    public bool IsRevokedByTenant => State == KeyStates.Revoked && IsRevocationConfirmed;
}
