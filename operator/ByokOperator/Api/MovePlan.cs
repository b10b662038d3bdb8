using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>What the move would take, before anything is made. For people: nothing reads it back to decide.</summary>
public sealed record MovePlan
{
    /// <summary><c>Counting</c> (the figures are of what was listed so far) or <c>Complete</c>.</summary>
    public string? State { get; init; }

    /// <summary>When the listing came to its end.</summary>
    public DateTimeOffset? CountedAt { get; init; }

    /// <summary>Names that have content.</summary>
    public long? Objects { get; init; }

    /// <summary>With content, the current ones among them.</summary>
    public long? Versions { get; init; }

    public long? DeleteMarkers { get; init; }

    public long? Bytes { get; init; }

    public long? LargestBytes { get; init; }

    /// <summary>By kind, of both clouds' stores and of the tenant's KMS.</summary>
    public IReadOnlyList<PlannedRequests>? Requests { get; init; }

    /// <summary>At the account's usual quotas, such as <c>2h10m</c>;
    /// what bounds it is in <see cref="BoundBy"/>.</summary>
    public string? EstimatedDuration { get; init; }

    public string? BoundBy { get; init; }

    public IReadOnlyList<PlanObstacle>? Obstacles { get; init; }
}

public sealed record PlannedRequests
{
    /// <summary>As the cloud calls it, such as <c>s3:CopyObject</c>.</summary>
    public string Action { get; init => field = value ?? ""; } = "";

    public long Count { get; init; }
}

/// <summary>What stands in the way, and the mend.</summary>
public sealed record PlanObstacle
{
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>Of how many objects; 1 where it is of the place.</summary>
    public long Count { get; init; }

    public string Message { get; init => field = value ?? ""; } = "";
}
