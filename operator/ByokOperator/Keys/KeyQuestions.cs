using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>What a cloud is asked of one region's key, and what its answers come to. Changes nothing.</summary>
internal sealed class KeyQuestions(OperatorContext around)
{
    /// <summary>Without its canary a key proves nothing; that its owner refuses it takes no proof.</summary>
    public async Task<Fact<KeyAnswer>> RefusalAsync(
        TenantEncryptionKey key, KeyRef reference, string why, Glance glance)
    {
        var asked = reference.Id.Length == 0 ? Fact.Blind<KeyAnswer>(why)
            : await glance.OfAsync(cancellation => AskAsync(key, reference, stored: null, cancellation));
        return asked.ForDisplay() is { Verdict: KeyVerdict.Revoked } ? asked : Fact.Blind<KeyAnswer>(why);
    }

    /// <summary>A version that waits for its confirmation is news and no proof:
    /// whatever stands in the way leaves it untold.</summary>
    public Task<Fact<string?>> NewestAsync(KeyRef newest, Glance glance) =>
        glance.OfAsync(async cancellation => (await around.Cloud.Keys.DescribeAsync(newest, cancellation)).MaterialId);

    public async Task<KeyAnswer> AskAsync(
        TenantEncryptionKey key, KeyRef reference, Canary? stored, CancellationToken cancellation)
    {
        var context = stored?.Context ?? KeyContext.Of(key);
        var proof = await around.Cloud.Keys.ProveAsync(reference, context, stored, cancellation);
        return new KeyAnswer(
            proof.Verdict,
            proof.Reason,
            proof.Message,
            stored is null && proof.Canary is { } fresh ? KeyRecordCanary.Of(fresh).Text() : null,
            proof.MissingActions,
            around.Time.GetUtcNow())
        {
            Evidence = proof.Evidence,
            Version = proof.Version,
            ExcessActions = proof.ExcessActions,
            Renewal = stored is not null && proof.Canary is { Successor: { } successor } renewed
                && successor.MaterialId != stored.Successor?.MaterialId
                ? new CanaryRenewal(KeyRecordCanary.Of(stored).Text(), KeyRecordCanary.Of(renewed).Text())
                : null,
        };
    }
}

/// <summary>
/// The encryption context that a key is proved with: the published policy demands the tenant of it, and CloudTrail
/// shows all of it to the tenant. So a key that another tenant's object names is refused by the key itself. What a
/// canary was made with stays with it.
/// </summary>
internal static class KeyContext
{
    public const string Tenant = "byok.dev/tenant";

    public static Dictionary<string, string> Of(TenantEncryptionKey key) => new()
    {
        [Tenant] = key.Tenant,
        ["byok.dev/namespace"] = key.Metadata.Namespace ?? "",
        ["byok.dev/key"] = key.Metadata.Name,
    };
}
