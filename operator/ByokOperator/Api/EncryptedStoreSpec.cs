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
