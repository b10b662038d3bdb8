using Cloud.Keys;

namespace Simulation.Real.Bugs;

/// <summary>Tenants' keys as an adapter or a gate with a bug takes them.</summary>
internal sealed class LyingKeys(ITenantKeys real, Seeding seeding) : ITenantKeys
{
    private readonly Dictionary<string, KeyProof> seen = [];
    private DateTimeOffset usedAt;

    public Task<KeyDescription> DescribeAsync(KeyRef key, CancellationToken cancellation) =>
        real.DescribeAsync(key, cancellation);

    public async Task<KeyProof> ProveAsync(
        KeyRef key, IReadOnlyDictionary<string, string> context, Canary? stored, CancellationToken cancellation)
    {
        if (seeding is { IsActing: true, Bug: Bug.GateTakesOldProofs or Bug.ActsWithoutPrecondition
            or Bug.OpensBeforeAnyProof or Bug.ReopensOnOneOfTwoKeys or Bug.RedirectsOnAnOldProof }
                && seen.TryGetValue(key.Id, out var old))
        {
            return old;
        }

        var proof = await real.ProveAsync(key, context, stored, cancellation);
        if (proof.Verdict == KeyVerdict.Usable)
        {
            (seen[key.Id], usedAt) = (proof, seeding.Now);
        }

        return (seeding.Bug, proof.Verdict, proof.Reason) switch
        {
            (Bug.UnknownIsUsable, KeyVerdict.Unknown, _) =>
                proof with { Verdict = KeyVerdict.Usable, Reason = "Proved", Canary = stored },
            (Bug.UnknownClosesAtOnce, KeyVerdict.Unknown, _)
                or (Bug.RateLimitReadAsRevoked, KeyVerdict.Unknown, "SlowDown") =>
                    proof with { Verdict = KeyVerdict.Revoked },
            (Bug.OwnPolicyReadAsRevocation, KeyVerdict.Unknown, "OwnAccessDenied")
                or (Bug.ProxyRateReadAsRevoked, KeyVerdict.Unknown, "XksProxyRequestRate") =>
                proof with { Verdict = KeyVerdict.Revoked },
            (Bug.RecentChangeReadAsPending, KeyVerdict.Revoked, "KeyDisabled")
                when seeding.Now - usedAt < TimeSpan.FromMinutes(5) =>
                proof with { Verdict = KeyVerdict.Unknown, Reason = "GrantPending" },
            (Bug.CanaryOverwritten, KeyVerdict.Revoked, "KeyReplaced") =>
                proof with { Message = await OfferAsync(key, context, cancellation) },
            (Bug.ReopenOnAnotherKey, KeyVerdict.Revoked, "KeyReplaced") =>
                proof with { Verdict = KeyVerdict.Usable, Reason = "Proved", Canary = stored },
            _ => proof,
        };
    }

    public Task<IReadOnlyList<string>> GranteesAsync(KeyRef key, string name, CancellationToken cancellation) =>
        real.GranteesAsync(key, name, cancellation);

    public Task<string?> EnsureGrantAsync(KeyRef key, GrantSpec grant, CancellationToken cancellation) =>
        real.EnsureGrantAsync(key, grant, cancellation);

    public Task RevokeGrantAsync(
        KeyRef key, string name, IReadOnlyCollection<string> known, CancellationToken cancellation) =>
        real.RevokeGrantAsync(key, name, known, cancellation);

    private async Task<string> OfferAsync(
        KeyRef key, IReadOnlyDictionary<string, string> context, CancellationToken cancellation) =>
        (await real.ProveAsync(key, context, null, cancellation)).Canary is { } fresh
            ? ByokOperator.Records.KeyRecordCanary.Of(fresh).Text() : "";
}
