namespace ByokOperator.Notifications;

/// <summary>
/// One change that somebody outside wants to hear of. Its id is made from the change itself, so that the same change
/// told twice, after a restart or by another leader, is the same notice.
/// </summary>
/// <param name="Source">The object's path on the API server.</param>
/// <param name="Time">When it happened, not when it was told.</param>
internal sealed record Notification(
    string Id, string Type, string Source, string Subject, DateTimeOffset Time, NotificationData Data);
