using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Cluster;

/// <summary>
/// What is followed of a key that can't be read: how it stood, and its tenant's will to revoke, which two words say
/// whatever else is wrong. Closing is always safe, so that will counts before everything;
/// nothing else of the new spec does.
/// </summary>
internal static class KeySalvage
{
    /// <summary>Null where nobody knows how the key stood and nothing says that it is revoked.</summary>
    /// <param name="bad">What is known of it now.</param>
    /// <param name="last">How this process saw it while it could be read.</param>
    public static TenantEncryptionKey? Follow(Quarantined bad, TenantEncryptionKey? last) =>
        last is not null
            ? last with { Metadata = bad.Metadata, Spec = RevocationFields.StandIn(bad) ? Revoked(last.Spec)
                : last.Spec }
        : RevocationFields.StandIn(bad)
            ? new TenantEncryptionKey { Metadata = Held(bad.Metadata), Spec = Revoked(new()) }
        : null;

    /// <summary>
    /// One that this process never read, as it is recorded: it goes on being asked and its clocks go on running, and
    /// nothing else is done until it can be read.
    /// </summary>
    /// <param name="bad">What is known of it now.</param>
    /// <param name="recorded">The spec as it was last good; null: a canary alone may say which key it is.</param>
    public static TenantEncryptionKey FromRecord(Quarantined bad, TenantEncryptionKeySpec? recorded) =>
        new() { Metadata = Held(bad.Metadata), Spec = recorded ?? new() { State = KeyStates.Archived } };

    private static TenantEncryptionKeySpec Revoked(TenantEncryptionKeySpec spec) => spec with
    {
        State = KeyStates.Revoked,
        Revocation = spec.Revocation with { Confirm = KeyRules.Confirmation },
    };

    /// <summary>Neither changed nor let go: what would have to be done first stands in the spec.</summary>
    private static ObjectMeta Held(ObjectMeta metadata) => metadata with
    {
        DeletionTimestamp = null,
        Annotations = new Dictionary<string, string>(metadata.Annotations
            ?? new Dictionary<string, string>()) { [Labels.Paused] = "true" },
    };
}
