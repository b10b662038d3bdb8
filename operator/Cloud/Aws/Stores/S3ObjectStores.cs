using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>Dedicated buckets and tenants' prefixes of shared ones.</summary>
internal sealed class S3ObjectStores(S3Site site, BucketLook look, BucketMender mender, SharedStores shares, BucketPolicies policies)
    : IObjectStores
{
    public async Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var evidence = new Evidence();
        var ownership = await look.OwnershipAsync(spec, evidence, cancellation);
        if (ownership != StoreOwnership.Ours)
        {
            return new StoreDescription(ownership, [], false, null, new Dictionary<string, string>(), evidence.ToList());
        }

        var facts = await look.FactsAsync(spec.Store, evidence, cancellation);
        var words = await WordsAsync(spec, cancellation);
        return new StoreDescription(
            ownership, facts.Drift(spec, words), facts.Policy.Holds(words.Closed), facts.KeyId, facts.Observed(), evidence.ToList());
    }

    public Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) => look.OwnershipAsync(spec, evidence: null, cancellation);

    public async Task PrepareAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var ownership = await look.OwnershipAsync(spec, evidence: null, cancellation);
        if (ownership == StoreOwnership.Stranger)
        {
            throw BucketMender.Taken(spec);
        }

        var facts = BucketFacts.Fresh;
        if (ownership == StoreOwnership.Absent)
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

    public async Task DenyAsync(StoreSpec spec, CancellationToken cancellation)
    {
        await RequireOursAsync(spec, "s3:PutBucketPolicy", cancellation);
        var words = await WordsAsync(spec, cancellation);
        await policies.ChangeAsync(
            spec.Store,
            policy => policy.Holds(words.Closed) ? policy : policy.With(words.Closed),
            policy => policy.Holds(words.Closed),
            cancellation);
    }

    public async Task AllowAsync(StoreSpec spec, CancellationToken cancellation)
    {
        await RequireOursAsync(spec, "s3:PutBucketPolicy", cancellation);
        await policies.ChangeAsync(
            spec.Store,
            policy => policy.Sids.Any(IsClosed) ? policy.Without(IsClosed) : policy,
            policy => !policy.Sids.Any(IsClosed),
            cancellation);
    }

    public Task<SharedDescription> DescribeSharedAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        shares.DescribeAsync(shared, owner, cancellation);

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

        if (ownership == StoreOwnership.Stranger)
        {
            throw NotOurs(spec, "s3:DeleteBucket");
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

    private static bool IsClosed(string sid) => sid == StoreStatements.ClosedSid;

    private Task MendPolicyAsync(StoreSpec spec, StoreWords words, CancellationToken cancellation) => policies.ChangeAsync(
        spec.Store,
        policy => words.Standing.All(policy.Holds)
            ? policy
            : words.Standing.Aggregate(policy.Without(StoreStatements.IsStanding), (mended, statement) => mended.With(statement)),
        policy => words.Standing.All(policy.Holds),
        cancellation);

    private async Task RequireOursAsync(StoreSpec spec, string operation, CancellationToken cancellation)
    {
        switch (await look.OwnershipAsync(spec, evidence: null, cancellation))
        {
            case StoreOwnership.Absent:
                throw new CloudException(new CloudProblem.NotFound("NoSuchBucket", $"the bucket {spec.Store.Name} does not exist"), operation);
            case StoreOwnership.Stranger:
                throw NotOurs(spec, operation);
            default:
                return;
        }
    }

    private static CloudException NotOurs(StoreSpec spec, string operation) => new(
        new CloudProblem.Conflict("NotOurs", $"the bucket {spec.Store.Name} does not carry this store's ownership tag; it is left alone"), operation);

    private async Task<StoreWords> WordsAsync(StoreSpec spec, CancellationToken cancellation) =>
        StoreWords.For(spec, await site.CallerAsync(cancellation), tlsOnly: site.Options.RequireTls);
}
