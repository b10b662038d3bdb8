using Byok.Material;
using ByokOperator.Api;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>What there is to tell of a key. Pure.</summary>
internal static class KeyNotifications
{
    /// <summary>What there is to tell after this look; telling it again is harmless.</summary>
    /// <param name="key">Which; of the status that was shown so far, times of conditions alone count.</param>
    /// <param name="world">What was seen.</param>
    /// <param name="next">The status that is to be shown.</param>
    /// <param name="isOtherUpload">This process saw another upload stand here before this one.</param>
    public static IEnumerable<Notification> Of(
        TenantEncryptionKey key, KeyWorld world, TenantEncryptionKeyStatus next, bool isOtherUpload = false)
    {
        if (world.IsDeleting)
        {
            yield break;
        }

        if ((ImportLadder.MaterialValid(world) as Finding.Stuck
            ?? GenerationLadder.GenerationFollowed(
                world)) is Finding.Stuck { Reason: RefusalCodes.HashMismatch or ImportLadder.KeyReplaced } wrong)
        {
            var shown = Conditions.Find(key.Status?.Conditions ?? [], StatusReport.Stalled);
            var isTold = shown?.Reason == wrong.Reason && !isOtherUpload;
            yield return Mismatch(key, wrong.Reason, world.Import?.Upload.ForDisplay()?.Version ?? "", isTold
                ? shown!.LastTransitionTime : world.Now);
        }

        foreach (var end in MaterialExpiryWarning.Of(world))
        {
            yield return Expiring(key, end.Region, end.At, end.Step, IsShown(key, next, MaterialExpiryWarning.Condition)
                ? end.Since : world.Now);
        }

        foreach (var (region, waiting) in world.Regions.Select(region =>
            (region.Region, VersionWatch.Of(world, region).ForDisplay())))
        {
            if (waiting is not null)
            {
                yield return NotificationMaker.Make(
                    key, NotificationTypes.KeyUnconfirmed, $"{region} {waiting.Version}",
                    NotificationMaker.SinceFalse(key.Status?.Conditions, VersionWatch.Condition, world.Now),
                    data =>
                        data with { Reason = VersionWatch.NotConfirmed, Region = region, Version = waiting.Version });
            }
        }

        if (next is { Verdict: nameof(KeyVerdict.Revoked), RevokedSince: { } since })
        {
            yield return NotificationMaker.Make(key, NotificationTypes.KeyRevoked, NotificationMaker.MarkOf(since),
                since,
                data => data with { Reason = ReasonOf(next) });
        }

        if (next is { Verdict: nameof(KeyVerdict.Usable) } && key.Spec.State == KeyStates.Active
            && CanariesOf(world) is { Length: > 0 } canaries)
        {
            yield return Activated(key, world, canaries);
        }
    }

    /// <summary>Again after a revocation, else by its state, else by its first proof:
    /// each has its time on record.</summary>
    private static Notification Activated(TenantEncryptionKey key, KeyWorld world, string canaries) =>
        world.Regions.Select(region => region.LastRevocation.ForDisplay()).OfType<KeyRecordSpan>()
            .MaxBy(span => span.Until) is { } ended && !world.WasOnStandby
            ? NotificationMaker.Make(key, NotificationTypes.KeyActivated,
                $"{canaries} after {NotificationMaker.MarkOf(ended.Since)}",
                ended.Until)
            : NotificationMaker.Make(key, NotificationTypes.KeyActivated, canaries,
                (world.WasOnStandby ? null : world.Regions.Max(region => region.ProvedAt.ForDisplay())) ?? world.Now);

    /// <summary>An upload was not what its hash says, or not the key that it has to be;
    /// nothing was activated.</summary>
    /// <param name="reason">CamelCase, as the condition says.</param>
    /// <param name="upload">What tells this upload from another: a resource version, a request id.
    /// Never anything made from the material.</param>
    public static Notification Mismatch(TenantEncryptionKey key, string reason, string upload, DateTimeOffset at) =>
        NotificationMaker.Make(key, NotificationTypes.KeyMismatch, $"{reason} {upload}", at,
            data => data with { Reason = reason });

    /// <summary>Imported material expires; one notice per region, expiry and step.</summary>
    /// <param name="step">How near it is, in days: 30, 7 or 1.</param>
    public static Notification Expiring(
        TenantEncryptionKey key, string region, DateTimeOffset expiresAt, int step, DateTimeOffset at) =>
        NotificationMaker.Make(
            key, NotificationTypes.KeyExpiring, $"{region} {NotificationMaker.MarkOf(expiresAt)} {step}", at,
            data => data with { Reason = "ExpiresSoon", Region = region, ExpiresAt = expiresAt });

    /// <summary>With the same words, by whoever looked before: it was told then.</summary>
    private static bool IsShown(TenantEncryptionKey key, TenantEncryptionKeyStatus next, string type) =>
        Conditions.Find(key.Status?.Conditions ?? [], type) is { } shown
        && Conditions.Find(next.Conditions, type) is { } condition
        && (condition.Reason, condition.Message) == (shown.Reason, shown.Message);

    private static string? ReasonOf(TenantEncryptionKeyStatus status) =>
        status.Conditions.FirstOrDefault(condition => condition.Type == "Ready")?.Reason;

    // A digest of a ciphertext made for this purpose: it tells one key from another and nothing of either.
    private static string CanariesOf(KeyWorld world) => string.Join(' ', world.Regions
        .Select(region => region.Canary.ForDisplay()).OfType<StoredCanary>().Select(canary => canary.Digest)
        .Order(StringComparer.Ordinal).Take(1));
}
