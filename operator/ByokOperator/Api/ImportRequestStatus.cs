namespace ByokOperator.Api;

/// <summary>An open import request: what its holder wraps with, and until when.
/// Its token is shown to its holder alone.</summary>
public sealed record ImportRequestStatus
{
    /// <summary>The part of the token before the full stop, which is no secret.</summary>
    public required string Id { get; init; }

    public required string PublicKey { get; init; }

    public required string Algorithm { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}
