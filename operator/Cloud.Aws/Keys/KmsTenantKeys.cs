using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>Tenants' keys in AWS KMS: in their own accounts, and what they handed over in ours.</summary>
internal sealed class KmsTenantKeys(KmsCalls kms, KeyProbe probe, AwsIdentity identity) : ITenantKeys
{
    /// <summary>KMS allows 50,000 grants a key; a listing longer than that is not one of a key.</summary>
    private const int MostGrantPages = 500;

    public async Task<KeyDescription> DescribeAsync(KeyRef key, CancellationToken cancellation)
    {
        var known = (await kms.DescribeAsync(key, new Evidence(), cancellation)).KeyMetadata;
        return new KeyDescription(known.CurrentKeyMaterialId, known.ValidTo is { } end
            ? new DateTimeOffset(end.ToUniversalTime()) : null);
    }

    public Task<KeyProof> ProveAsync(
        KeyRef key,
        IReadOnlyDictionary<string, string> context,
        Canary? stored,
        CancellationToken cancellation) => probe.ProveAsync(key, context, stored, cancellation);

    public async Task<IReadOnlyList<string>> GranteesAsync(KeyRef key, string name, CancellationToken cancellation) =>
        [.. (await NamedAsync(key, name, cancellation)).Select(grant => grant.GranteePrincipal)];

    public async Task<string?> EnsureGrantAsync(KeyRef key, GrantSpec grant, CancellationToken cancellation)
    {
        if (!key.IsOurs)
        {
            throw new CloudException(
                new CloudProblem.Refused("TenantsKey",
                    "a tenant's own key takes no grants: its policy alone says who may use it"), "kms:CreateGrant");
        }

        var retiring = (await identity.GetAsync(cancellation)).PrincipalArn;
        var standing = await NamedAsync(key, grant.Name, cancellation);
        var right = standing.Find(entry => GrantRequests.IsAsSpecified(entry, grant, retiring));
        foreach (var stale in standing.Where(entry => entry != right))
        {
            // First: whoever was let in and is not to be goes, whether another can be let in or not.
            await RevokeAsync(key, stale.GrantId, cancellation);
        }

        return right?.GrantId
            ?? (await kms.CreateGrantAsync(key, GrantRequests.Create(key, grant, retiring), evidence: null,
                cancellation)).GrantId;
    }

    public async Task RevokeGrantAsync(
        KeyRef key, string name, IReadOnlyCollection<string> known, CancellationToken cancellation)
    {
        foreach (var id in known)
        {
            await RevokeAsync(key, id, cancellation);
        }

        foreach (var grant in (await NamedAsync(key, name, cancellation))
            .Where(grant => !known.Contains(grant.GrantId)))
        {
            await RevokeAsync(key, grant.GrantId, cancellation);
        }
    }

    /// <summary>Where the policy does not let us revoke, we retire what was made for us to retire,
    /// which no key policy can forbid.</summary>
    private async Task RevokeAsync(KeyRef key, string grantId, CancellationToken cancellation)
    {
        try
        {
            await kms.RevokeGrantAsync(key, new RevokeGrantRequest { KeyId = key.Id, GrantId = grantId },
                evidence: null, cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            // Revoked meanwhile: what was asked for holds.
        }
        catch (CloudException refused) when (refused.Problem is CloudProblem.Forbidden)
        {
            await RetireAsync(key, grantId, cancellation);
        }
    }

    private async Task RetireAsync(KeyRef key, string grantId, CancellationToken cancellation)
    {
        try
        {
            await kms.RetireGrantAsync(key, new RetireGrantRequest { KeyId = key.Id, GrantId = grantId }, cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            // As above.
        }
    }

    /// <summary>A key that is gone for good took its grants along.</summary>
    private async Task<List<GrantListEntry>> NamedAsync(KeyRef key, string name, CancellationToken cancellation)
    {
        try
        {
            return await ListedAsync(key, name, cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            return [];
        }
    }

    private async Task<List<GrantListEntry>> ListedAsync(KeyRef key, string name, CancellationToken cancellation)
    {
        var found = new List<GrantListEntry>();
        string? marker = null;
        for (var page = 0; page < MostGrantPages; page++)
        {
            var answer = await kms.GrantsAsync(key, marker, evidence: null, cancellation);
            found.AddRange((answer.Grants ?? []).Where(grant => grant.Name == name));
            if (answer.Truncated is not true || answer.NextMarker is not { Length: > 0 } next)
            {
                return found;
            }

            marker = next;
        }

        throw new CloudException(new CloudProblem.Refused("TooManyGrants", "the key has more grants than KMS allows"),
            "kms:ListGrants");
    }
}
