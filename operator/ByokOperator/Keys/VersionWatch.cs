using ByokOperator.Reconciling;
using Cloud;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>A version of the tenant's key that waits for somebody's word.</summary>
/// <param name="Version">What stands, or is current already.</param>
/// <param name="Accepted">What stores were let under last.</param>
/// <param name="IsHeld">Everything goes on under the accepted one: a vault's version can be held,
/// KMS's material can't.</param>
/// <param name="Pauses">The workloads of its stores stand still until the word is said.</param>
internal sealed record UnconfirmedVersion(string Version, string Accepted, bool IsHeld, bool Pauses);

/// <summary>Whether a rotation of the key waits for its confirmation. Pure.</summary>
internal static class VersionWatch
{
    /// <summary>On the key and on its stores.</summary>
    public const string Condition = "VersionConfirmed";

    /// <summary>The condition's reason.</summary>
    public const string NotConfirmed = "VersionNotConfirmed";

    /// <summary>The reason where it is told and nothing waits for it.</summary>
    public const string Followed = "UnconfirmedRotation";

    /// <summary>Blind where the key gives no answer now, or the service does not say which version is current:
    /// an earlier look counts.</summary>
    public static Fact<UnconfirmedVersion?> Of(KeyWorld world, KeyRegion region)
    {
        if (world.ConfirmedVersion is not { } confirmed)
        {
            return Fact.Seen<UnconfirmedVersion?>(null);
        }

        if (region.Answer.ForDisplay() is not { Verdict: KeyVerdict.Usable } answer)
        {
            return Fact.Blind<UnconfirmedVersion?>(region.Answer.Blindness ?? "KeyNotUsable");
        }

        var isHeld = KeyRefs.CloudOf(region.Region) == CloudKind.Azure;
        var answered = Fact.Seen(answer.Version);
        var (accepted, newest) = isHeld ? (answered, region.NewestVersion) : (AcceptedOf(region), answered);
        if ((accepted.Blindness ?? newest.Blindness) is { } why)
        {
            return Fact.Blind<UnconfirmedVersion?>(why);
        }

        return accepted.ForDisplay() is not { } last || newest.ForDisplay() is not { } current
            ? Fact.Blind<UnconfirmedVersion?>("VersionUntold")
            : current == last || (!isHeld && current == confirmed) ? Fact.Seen<UnconfirmedVersion?>(null)
            : Fact.Seen<UnconfirmedVersion?>(new(current, last, isHeld, world.PausesUnconfirmed));
    }

    /// <summary>The version that has to be recorded as accepted: a rotation that is followed without a word, or that
    /// the word was said for. Null where nothing has.</summary>
    public static string? ToAccept(KeyWorld world, KeyRegion region) =>
        region.Region != KeyRef.AnyRegion
        && region.Answer.ForDisplay() is { Verdict: KeyVerdict.Usable, Version: { } current }
        && AcceptedOf(region).ForDisplay() is { } accepted && accepted != current
        && (world.ConfirmedVersion is not { } confirmed || confirmed == current)
            ? current
            : null;

    /// <summary>As recorded; before the first rotation, what the canary was made with.
    /// Seen as null where the service tells no version.</summary>
    private static Fact<string?> AcceptedOf(KeyRegion region) =>
        region.AcceptedVersion is { Blindness: null } recorded && recorded.ForDisplay() is null
            ? region.Canary.Select(canary => canary?.MaterialId)
            : region.AcceptedVersion;
}
