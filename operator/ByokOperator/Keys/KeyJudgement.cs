using System.Diagnostics;
using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>The verdict on one region's key with its clock: what a store goes by.</summary>
internal abstract record KeyJudgement
{
    private KeyJudgement()
    {
    }

    public sealed record Usable(DateTimeOffset ProvedAt) : KeyJudgement;

    public sealed record Unknown(string Reason, DateTimeOffset Since) : KeyJudgement
    {
        /// <summary>The clock on record could not be read: an earlier time on record counts once it can be.</summary>
        public bool IsAssumed { get; init; }
    }

    public sealed record Revoked(string Reason, DateTimeOffset Since) : KeyJudgement
    {
        /// <summary>Which key of several it is; null where there is one alone.</summary>
        public string? KeyName { get; init; }

        /// <summary>For people: the reason, and which key it is of.</summary>
        public string Told => KeyName is null ? Reason : $"{Reason}: {KeyName}";
    }

    /// <summary>
    /// Blind where neither the key nor our own records could be read; then an earlier judgement stays and grows old.
    /// </summary>
    public static Fact<KeyJudgement> Of(KeyWorld world, KeyRegion region)
    {
        var revokedSince = region.RevokedSince.ForDisplay() ?? world.Now;
        if (world.IsRevokedByTenant)
        {
            return Fact.Seen<KeyJudgement>(new Revoked("RevokedByTenant", revokedSince));
        }

        if (IsReplaced(region))
        {
            return Fact.Seen<KeyJudgement>(new Revoked("KeyReplaced", revokedSince));
        }

        if (region.Answer is { Blindness: { } why })
        {
            return Fact.Blind<KeyJudgement>(why);
        }

        var answer = region.Answer.ForDisplay()!;
        return answer.Verdict switch
        {
            KeyVerdict.Usable => Fact.Seen<KeyJudgement>(new Usable(answer.At)),
            KeyVerdict.Revoked => Fact.Seen<KeyJudgement>(new Revoked(answer.Reason, revokedSince)),
            KeyVerdict.Unknown =>
                region.UnknownSince.Select(since => (KeyJudgement)new Unknown(answer.Reason, Begun(since, world.Now))),
            _ => throw new UnreachableException($"{answer.Verdict}"),
        };
    }

    /// <summary>
    /// What the judgement amounts to now. Unknown for longer than allowed counts as revoked; so does a proof that
    /// nobody renewed, or a prober that hangs would keep every store open.
    /// </summary>
    public static KeyJudgement Effective(KeyJudgement judgement, TimeSpan maxStaleness, DateTimeOffset now) =>
        judgement switch
        {
            Unknown unknown
                when now - unknown.Since > maxStaleness => new Revoked("UnknownTooLong", unknown.Since + maxStaleness),
            Usable usable
                when now - usable.ProvedAt > maxStaleness =>
                    new Revoked("UnknownTooLong", usable.ProvedAt + maxStaleness),
            _ => judgement,
        };

    /// <summary>A clock on record that only begins later was set by a leader whose time was ahead:
    /// it buys nothing.</summary>
    public static DateTimeOffset Begun(DateTimeOffset? recorded, DateTimeOffset now) =>
        recorded is { } since && since < now ? since : now;

    /// <summary>The stored canary was made by the key of another id:
    /// whoever changed the spec named another key.</summary>
    public static bool IsReplaced(KeyRegion region) =>
        region.Canary.ForDisplay() is { } canary && region.KeyId is { Blindness: null } id
            && canary.KeyId != id.ForDisplay();
}
