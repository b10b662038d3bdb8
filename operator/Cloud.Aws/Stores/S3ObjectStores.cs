using Amazon.S3;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>Dedicated buckets and tenants' prefixes of shared ones.</summary>
internal sealed class S3ObjectStores(
    S3Site site, BucketLook look, BucketProvisioner mender, SharedStores shares, BucketPolicies policies)
    : IObjectStores
{
    private readonly BucketClosing closing = new(site, look, policies);
    private readonly BucketOpening opening = new(policies);
    private readonly BucketSearch search = new(site, look);

    public async Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var evidence = new Evidence();
        var ownership = await look.OwnershipAsync(spec, evidence, cancellation);
        var words = await WordsAsync(spec, cancellation);
        if (ownership != StoreOwnership.Ours)
        {
            var isDenied = ownership is StoreOwnership.Earlier or StoreOwnership.Unmarked or StoreOwnership.Forbidden
                && await IsDeniedOrUnseenAsync(spec, words, evidence, cancellation);
            return new StoreDescription(ownership, [], isDenied, null, new Dictionary<string, string>(),
                evidence.ToList());
        }

        var facts = await look.FactsAsync(spec.Store, evidence, cancellation);
        return new StoreDescription(
            ownership, facts.Drift(spec, words), facts.Policy.Holds(words.Closed), facts.KeyId, facts.Observed(),
            evidence.ToList())
        {
            KeepsVersions = facts.Versioning == VersionStatus.Enabled || facts.Versioning == VersionStatus.Suspended,
        };
    }

    public Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        look.OwnershipAsync(spec, evidence: null, cancellation);

    public async Task PrepareAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var ownership = await look.OwnershipAsync(spec, evidence: null, cancellation);
        if (ownership is StoreOwnership.Stranger or StoreOwnership.Unmarked or StoreOwnership.Earlier)
        {
            throw BucketProvisioner.Taken(spec);
        }

        // Also what we may not look at: making it tells whether the name is another account's.
        var facts = BucketFacts.Fresh;
        if (ownership is StoreOwnership.Absent or StoreOwnership.Forbidden)
        {
            await mender.CreateAsync(spec, cancellation);
        }
        else
        {
            facts = await look.FactsAsync(spec.Store, evidence: null, cancellation);
        }

        var words = await WordsAsync(spec, cancellation);
        foreach (var aspect in facts.Drift(spec, words))
        {
            // One at a time: S3 answers changes of one bucket side by side with OperationAborted.
            await (aspect == BucketFacts.PolicyDrift
                ? MendPolicyAsync(spec, words, cancellation)
                : mender.MendAsync(spec, aspect, facts, cancellation));
        }
    }

    public Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch within, CancellationToken cancellation) =>
        search.FindAsync(spec, within, cancellation);

    public Task AdoptAsync(StoreSpec spec, CancellationToken cancellation) => mender.AdoptAsync(spec, cancellation);

    public async Task<DenialLook> LookAtDenialAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var words = await WordsAsync(spec, cancellation);
        var ownership = await OwnershipOrNullAsync(spec, cancellation);
        var isDenied = ownership is not (StoreOwnership.Absent or StoreOwnership.Stranger)
            && await IsDeniedAsync(spec, words, evidence: null, cancellation);
        return new DenialLook(ownership, isDenied, SettlesAt: null);
    }

    public async Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation) =>
        await closing.CloseAsync(spec, await WordsAsync(spec, cancellation), order, cancellation);

    public async Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation)
    {
        await RequireOursAsync(spec, "s3:PutBucketPolicy", cancellation);
        return await opening.OpenAsync(spec.Store, setAside, cancellation);
    }

    public Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation) =>
        shares.DescribeAsync(shared, owner, cancellation);

    public Task<SharedDefault?> SharedDefaultAsync(StoreRef shared, CancellationToken cancellation) =>
        shares.DefaultAsync(shared, cancellation);

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        shares.RaiseAsync(shared, owner, cancellation);

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        shares.LiftAsync(shared, owner, cancellation);

    public async Task DeleteAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var ownership = await look.OwnershipAsync(spec, evidence: null, cancellation);
        if (ownership == StoreOwnership.Absent)
        {
            return;
        }

        if (ownership != StoreOwnership.Ours)
        {
            throw Refusals.NotOurs(spec, ownership, "s3:DeleteBucket");
        }

        try
        {
            await mender.DeleteAsync(spec.Store, cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            // Gone meanwhile: what was asked for holds.
        }
    }

    private Task MendPolicyAsync(StoreSpec spec, StorePolicyForms words, CancellationToken cancellation) =>
        policies.ChangeAsync(
            spec.Store,
            policy => words.Standing.All(policy.Holds)
                ? policy
                : words.Standing.Aggregate(policy.Without(StoreStatements.IsStanding),
                    (mended, statement) => mended.With(statement)),
            policy => words.Standing.All(policy.Holds),
            cancellation);

    private async Task RequireOursAsync(StoreSpec spec, string operation, CancellationToken cancellation)
    {
        var ownership = await look.OwnershipAsync(spec, evidence: null, cancellation);
        if (ownership != StoreOwnership.Ours)
        {
            throw ownership == StoreOwnership.Absent ? Refusals.Absent(spec, operation)
                : Refusals.NotOurs(spec, ownership, operation);
        }
    }

    private async Task<StoreOwnership?> OwnershipOrNullAsync(StoreSpec spec, CancellationToken cancellation)
    {
        try
        {
            return await look.OwnershipAsync(spec, evidence: null, cancellation);
        }
        catch (CloudException)
        {
            return null;
        }
    }

    /// <summary>A policy that nobody can read says nothing, and a bucket that is gone has none.</summary>
    private async Task<bool> IsDeniedAsync(
        StoreSpec spec, StorePolicyForms words, Evidence? evidence, CancellationToken cancellation)
    {
        try
        {
            return (await policies.ReadAsync(spec.Store, evidence, cancellation)).Holds(words.Closed);
        }
        catch (CloudException none) when (none.Problem is CloudProblem.NotFound or CloudProblem.Refused)
        {
            return false;
        }
    }

    private async Task<bool> IsDeniedOrUnseenAsync(
        StoreSpec spec, StorePolicyForms words, Evidence evidence, CancellationToken cancellation)
    {
        try
        {
            return await IsDeniedAsync(spec, words, evidence, cancellation);
        }
        catch (CloudException)
        {
            return false;
        }
    }

    private async Task<StorePolicyForms> WordsAsync(StoreSpec spec, CancellationToken cancellation) =>
        StorePolicyForms.For(spec, await site.CallerAsync(cancellation), tlsOnly: site.Options.RequireTls);
}
