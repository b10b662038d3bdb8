namespace ByokOperator.Notifications;

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
