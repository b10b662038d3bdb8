namespace ByokOperator.Notifications;

/// <summary>Where notices go and under what.</summary>
/// <param name="Secret">Read for each attempt.</param>
/// <param name="MayAct">Whether this process leads at this moment.</param>
internal sealed record NotificationRoute(Uri Sink, Func<byte[]> Secret, Func<bool> MayAct);
