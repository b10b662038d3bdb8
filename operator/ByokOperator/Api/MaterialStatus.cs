namespace ByokOperator.Api;

/// <summary>One material that a region's key was given. On AWS it works only with all of them, in a vault with the
/// newest.</summary>
public sealed record MaterialStatus
{
    /// <summary>As <c>spec.imported.generation</c> was when it was handed over.</summary>
    public int? Generation { get; init; }

    /// <summary>The cloud's own name for it.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>As <c>byok-operator key fingerprint</c> prints it; null where no record says it.</summary>
    public string? Fingerprint { get; init; }

    /// <summary><c>Current</c>, <c>Earlier</c>, <c>Pending</c>, <c>Missing</c> or <c>Off</c>.</summary>
    public string? State { get; init; }

    /// <summary>When the key was bound to it.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the cloud deletes it by itself; null: never, or it is not there.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
