namespace ByokOperator.Notifications;

/// <summary>
/// One change that somebody outside wants to hear of. Its id is made from the change itself, so that the same change
/// told twice, after a restart or by another leader, is the same notice.
/// </summary>
/// <param name="Source">The object's path on the API server.</param>
/// <param name="Time">When it happened, not when it was told.</param>
internal sealed record Notification(
    string Id, string Type, string Source, string Subject, DateTimeOffset Time, NotificationData Data);

/// <summary>What a notice says of its object. Nothing secret is ever in it: no material, no hash of any,
/// no credential.</summary>
internal sealed record NotificationData
{
    public required string Kind { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>CamelCase, as in the object's conditions.</summary>
    public string? Reason { get; init; }

    public string? Region { get; init; }

    /// <summary>The key that a store stands under, by name.</summary>
    public string? KeyName { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Of a key: the one that waits for its confirmation.</summary>
    public string? Version { get; init; }

    /// <summary>Of a finished migration.</summary>
    public long? Objects { get; init; }

    public long? Bytes { get; init; }

    /// <summary>A report, as it was signed.</summary>
    public string? Report { get; init; }

    public string? ReportSignature { get; init; }
}
