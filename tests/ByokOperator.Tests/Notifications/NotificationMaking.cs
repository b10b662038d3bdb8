using ByokOperator.Api;
using ByokOperator.Notifications;

namespace ByokOperator.Tests.Notifications;

/// <summary>Notices for tests.</summary>
internal static class NotificationMaking
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly TenantEncryptionKey Key =
        new() { Metadata = new() { Namespace = "acme", Name = "acme-2026", Uid = "u-1" } };

    public static Notification Of(string mark, DateTimeOffset? at = null) =>
        NotificationMaker.Make(Key, NotificationTypes.KeyRevoked, mark, at ?? Noon,
            data => data with { Reason = "KeyDisabled" });
}
