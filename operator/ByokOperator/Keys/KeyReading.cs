using ByokOperator.Api;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>What is measured of one key.</summary>
/// <param name="Verdict">As the status shows it.</param>
/// <param name="Reason">Why it is not usable; <c>Usable</c> where it is.</param>
/// <param name="Since">The oldest last proof of its regions, or since when one is unknown;
/// null where it is revoked or was never judged.</param>
/// <param name="ProvedAt">The oldest last proof, while all its regions are usable.</param>
/// <param name="MaxStaleness">How long it is borne not to know.</param>
/// <param name="MaterialEnds">When material of it goes by itself; null where that harms nobody any more.</param>
internal sealed record KeyReading(
    string Verdict, string Reason, DateTimeOffset? Since, DateTimeOffset? ProvedAt, TimeSpan MaxStaleness,
    DateTimeOffset? MaterialEnds)
{
    public static KeyReading Of(KeyWorld world, KeySnapshot? standing, TenantEncryptionKeyStatus shown)
    {
        var judged = (standing?.Regions.Values ?? []).Select(region => region.Judgement.ForDisplay())
            .OfType<KeyJudgement>().ToList();
        var effective = judged.ConvertAll(one => KeyJudgement.Effective(one, world.MaxStaleness, world.Now));
        var revoked = effective.OfType<KeyJudgement.Revoked>().FirstOrDefault()?.Reason;
        var reason = revoked ?? effective.OfType<KeyJudgement.Unknown>().FirstOrDefault()?.Reason
            ?? (shown.Verdict == nameof(KeyVerdict.Usable) ? nameof(KeyVerdict.Usable) : "NotJudged");
        var times = judged.Select(one => one switch
        {
            KeyJudgement.Usable usable => usable.ProvedAt,
            KeyJudgement.Unknown unknown => unknown.Since,
            _ => (DateTimeOffset?)null,
        });
        var since = revoked is null ? times.Min() : null;
        return new(
            shown.Verdict ?? nameof(KeyVerdict.Unknown), reason, since,
            judged.TrueForAll(one => one is KeyJudgement.Usable) ? since : null,
            world.MaxStaleness, MaterialExpiryWarning.Warns(world) ? shown.MaterialExpiresAt : null);
    }
}
