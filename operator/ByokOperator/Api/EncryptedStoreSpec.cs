using Kube.Core.Json;

namespace ByokOperator.Api;

public sealed record EncryptedStoreSpec
{
    /// <summary>The key, in the store's own namespace.</summary>
    public KeyReference? KeyRef { get; init; }

    public AwsStore? Aws { get; init; }

    public AzureStore? Azure { get; init; }

    /// <summary>Where the tenant's data lives without BYOK.</summary>
    public SharedLocation? Shared { get; init; }

    public WorkloadPolicy? Workloads { get; init; }

    /// <summary>When a move may hold writers and workloads up, with <c>duringMigration: Window</c>.</summary>
    public IReadOnlyList<MaintenanceWindow> MaintenanceWindows { get; init => field = Entries.Of(value); } = [];

    public MigrationPolicy Migration { get; init => field = value ?? new(); } = new();

    public StoreRotation Rotation { get; init => field = value ?? new(); } = new();

    /// <summary><c>Retain</c> (bucket, data and key stay) or <c>Delete</c> (after
    /// the confirmation annotation).</summary>
    public string DeletionPolicy { get; init => field = value ?? DeletionPolicies.Retain; } = DeletionPolicies.Retain;

    public ReportPolicy Report { get; init => field = value ?? new(); } = new();
}

public sealed record AwsStore
{
    public string Region { get; init => field = value ?? ""; } = "";

    /// <summary>Left out: a name derived from the store's UID.</summary>
    public string? BucketName { get; init; }

    /// <summary><c>Off</c> (revocation shows at once) or <c>On</c> (fewer KMS calls, a cached bucket key).</summary>
    public string BucketKey { get; init => field = value ?? "Off"; } = "Off";
}

/// <summary>A storage account of the operator's making, for this store alone. Nothing of it may be changed:
/// the data stands there.</summary>
public sealed record AzureStore
{
    public string SubscriptionId { get; init => field = value ?? ""; } = "";

    /// <summary>Stands already; the account is made in it.</summary>
    public string ResourceGroup { get; init => field = value ?? ""; } = "";

    public string Location { get; init => field = value ?? ""; } = "";

    /// <summary>Unique in the whole cloud. Left out: a name derived from the store's UID.</summary>
    public string? AccountName { get; init; }

    public string Container { get; init => field = value ?? "data"; } = "data";
}

public sealed record KeyReference
{
    public string Name { get; init => field = value ?? ""; } = "";
}

public sealed record ReportPolicy
{
    public string Interval { get; init => field = value ?? "24h"; } = "24h";
}

/// <summary>The values of <c>spec.deletionPolicy</c>.</summary>
public static class DeletionPolicies
{
    public const string Retain = "Retain";
    public const string Delete = "Delete";

    /// <summary>The data goes back to the shared place first, with the consent that leaving takes.</summary>
    public const string ReturnToShared = "ReturnToShared";
}

/// <summary>What becomes of objects under the old key when <c>spec.keyRef</c> names another one.</summary>
public sealed record StoreRotation
{
    public const string Reencrypt = "Reencrypt";
    public const string Keep = "Keep";

    /// <summary><c>Reencrypt</c> (the old key is free afterwards) or <c>Keep</c> (both stay pinned).</summary>
    public string ExistingObjects { get; init => field = value ?? Reencrypt; } = Reencrypt;

    /// <summary>How long writes may still name the old key, so that workloads with an old binding turn to the new one:
    /// a duration such as <c>15m</c>.</summary>
    public string Overlap { get; init => field = value ?? "15m"; } = "15m";

    internal bool Keeps => ExistingObjects == Keep;

    internal TimeSpan OverlapOrDefault =>
        GoDuration.Within(Overlap, StoreRules.LongestOverlap, TimeSpan.FromMinutes(15));
}
