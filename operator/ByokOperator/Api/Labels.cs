namespace ByokOperator.Api;

/// <summary>Labels and annotations of this product; the one place they are spelled.</summary>
public static class Labels
{
    public const string Finalizer = "byok.dev/protect";
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string ManagedByValue = "byok-operator";
    public const string StoreUid = "byok.dev/store-uid";
    public const string Fingerprint = "byok.dev/fingerprint";

    /// <summary>Annotation: look now; echoed in <c>status.lastHandledReconcileAt</c>.</summary>
    public const string ReconcileAt = "byok.dev/reconcile-at";

    /// <summary>Annotation: report now.</summary>
    public const string ReportAt = "byok.dev/report-at";

    /// <summary>Annotation: touch nothing except closing.</summary>
    public const string Paused = "byok.dev/paused";

    /// <summary>Annotation: the store's own name, typed, before deletionPolicy Delete deletes.</summary>
    public const string ConfirmDelete = "byok.dev/confirm-delete";

    /// <summary>Annotation: <c>store/key</c>, typed, before the data of a store
    /// that names no key any more goes back to the shared place.</summary>
    public const string ConfirmReturn = "byok.dev/confirm-return";
}
