using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kube.Core;

namespace ByokOperator.Notifications;

/// <summary>Makes notices about one object. Pure.</summary>
internal static class NotificationMaker
{
    /// <param name="mark">What tells this change from another of its type on the same object: a clock on record,
    /// a digest.</param>
    public static Notification Make<T>(
        T subject, string type, string mark, DateTimeOffset at, Func<NotificationData, NotificationData>? say = null)
        where T : class, IResource<T>
    {
        var data = new NotificationData
        {
            Kind = T.Kind.Kind,
            Namespace = subject.Metadata.Namespace ?? "",
            Name = subject.Metadata.Name,
            Uid = subject.Metadata.Uid ?? "",
        };
        return new Notification(
            IdOf(data.Uid, type, mark),
            type,
            $"/apis/{T.Kind.Group}/{T.Kind.Version}/namespaces/{data.Namespace}/{T.Kind.Plural}/{data.Name}",
            data.Name,
            at,
            say is null ? data : say(data));
    }

    /// <summary>Since when a condition that was shown so far is False; now where it was not.</summary>
    public static DateTimeOffset SinceFalse(IReadOnlyList<Condition>? shown, string type, DateTimeOffset now) =>
        Conditions.Find(shown ?? [], type) is { Status: "False", LastTransitionTime: var since } ? since : now;

    /// <summary>A clock as a mark, to the second: statuses keep no more.</summary>
    public static string MarkOf(DateTimeOffset clock) =>
        clock.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string IdOf(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..32];
}

/// <summary>What a notice is about; docs/notices.md lists them. A meaning that changes gets a new version.</summary>
internal static class NotificationTypes
{
    public const string KeyMismatch = "dev.byok.key.mismatch.v1";
    public const string KeyActivated = "dev.byok.key.activated.v1";
    public const string KeyRevoked = "dev.byok.key.revoked.v1";
    public const string KeyExpiring = "dev.byok.key.expiring.v1";
    public const string KeyUnconfirmed = "dev.byok.key.unconfirmed.v1";
    public const string StorePaused = "dev.byok.store.paused.v1";
    public const string StoreClosing = "dev.byok.store.closing.v1";
    public const string StoreHeldUp = "dev.byok.store.heldup.v1";
    public const string StoreClosed = "dev.byok.store.closed.v1";
    public const string StoreReopened = "dev.byok.store.reopened.v1";
    public const string StoreReported = "dev.byok.store.reported.v1";
    public const string StoreMigrated = "dev.byok.store.migrated.v1";
}
