using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>Makes a bucket, and sets single aspects of one of ours.</summary>
internal sealed class BucketProvisioner(S3Site site, BucketLook look)
{
    /// <summary>The tag goes with the creation: a crash in between would leave a bucket that is nobody's.</summary>
    public async Task CreateAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var wanted = TagsFor(spec);
        var request = new PutBucketRequest
        {
            BucketName = spec.Store.Name,
            UseClientRegion = false,
            ObjectOwnership = ObjectOwnership.BucketOwnerEnforced,
            PutBucketConfiguration = new PutBucketConfiguration { Tags = wanted },
        };
        if (spec.Store.Region != "us-east-1")
        {
            request.PutBucketConfiguration.LocationConstraint = spec.Store.Region;
        }

        var madeNow = await TryCreateAsync(spec, request, cancellation);
        var tags = await look.TagsAsync(spec.Store, evidence: null, cancellation);
        if (BucketLook.Read(tags)?.Owner == spec.Owner)
        {
            return;
        }

        if (!madeNow || tags is { Count: > 0 })
        {
            throw Taken(spec);
        }

        // Servers that do not take tags with the creation.
        await TagAsync(spec.Store, wanted, cancellation);
    }

    /// <summary>The tag of one that was another's. Others' tags stay.</summary>
    public async Task AdoptAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var standing = await look.TagsAsync(spec.Store, evidence: null, cancellation);
        var ownership = StoreTag.OwnershipOf(BucketLook.Read(standing), spec);
        if (ownership is not (StoreOwnership.Ours or StoreOwnership.Earlier))
        {
            throw Refusals.NotOurs(spec, ownership, "s3:PutBucketTagging");
        }

        var others = (standing ?? []).Where(tag => !StoreTag.Words.Any(word => tag.Key == BucketLook.TagPrefix + word));
        await TagAsync(spec.Store, [.. others, .. TagsFor(spec)], cancellation);
    }

    private static List<Tag> TagsFor(StoreSpec spec) =>
        [.. StoreTag.For(spec).Select(one => new Tag { Key = BucketLook.TagPrefix + one.Word, Value = one.Value })];

    private Task TagAsync(StoreRef store, List<Tag> tags, CancellationToken cancellation) =>
        Do("s3:PutBucketTagging", store, (s3, account, stop) =>
            s3.PutBucketTaggingAsync(
                new PutBucketTaggingRequest { BucketName = store.Name, TagSet = tags, ExpectedBucketOwner = account },
                stop), cancellation);

    public Task MendAsync(StoreSpec spec, string aspect, BucketFacts facts, CancellationToken cancellation)
    {
        var bucket = spec.Store.Name;
        return aspect switch
        {
            BucketFacts.EncryptionDrift => Do("s3:PutEncryptionConfiguration", spec.Store, (s3, account, stop) =>
                s3.PutBucketEncryptionAsync(
                    new PutBucketEncryptionRequest
                    {
                        BucketName = bucket,
                        ServerSideEncryptionConfiguration = Encryption(spec, facts),
                        ExpectedBucketOwner = account,
                    },
                    stop), cancellation),
            BucketFacts.PublicAccessDrift => Do("s3:PutBucketPublicAccessBlock", spec.Store, (s3, account, stop) =>
                s3.PutPublicAccessBlockAsync(
                    new PutPublicAccessBlockRequest
                    {
                        BucketName = bucket,
                        PublicAccessBlockConfiguration = AllBlocked(),
                        ExpectedBucketOwner = account,
                    },
                    stop), cancellation),
            BucketFacts.OwnershipDrift => Do("s3:PutBucketOwnershipControls", spec.Store, (s3, account, stop) =>
                s3.PutBucketOwnershipControlsAsync(
                    new PutBucketOwnershipControlsRequest
                    {
                        BucketName = bucket,
                        OwnershipControls = BucketFacts.Enforced,
                        ExpectedBucketOwner = account,
                    },
                    stop), cancellation),
            BucketFacts.VersioningDrift => Do("s3:PutBucketVersioning", spec.Store, (s3, account, stop) =>
                s3.PutBucketVersioningAsync(
                    new PutBucketVersioningRequest
                    {
                        BucketName = bucket,
                        VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
                        ExpectedBucketOwner = account,
                    },
                    stop), cancellation),
            _ => throw new UnreachableException(aspect),
        };
    }

    public Task DeleteAsync(StoreRef store, CancellationToken cancellation) =>
        Do("s3:DeleteBucket", store, (s3, account, stop) =>
            s3.DeleteBucketAsync(new DeleteBucketRequest { BucketName = store.Name, ExpectedBucketOwner = account },
                stop), cancellation);

    public static CloudException Taken(StoreSpec spec) => new(
        new CloudProblem.Conflict("BucketTaken",
            $"the bucket {spec.Store.Name} stands already and is not this store's; name another, or take that one away"),
        "s3:CreateBucket");

    private async Task<bool> TryCreateAsync(StoreSpec spec, PutBucketRequest request, CancellationToken cancellation)
    {
        try
        {
            await site.SendAsync("s3:CreateBucket", spec.Store, (s3, stop) => s3.PutBucketAsync(request, stop),
                evidence: null, cancellation);
            return true;
        }
        catch (CloudException taken) when (taken.Problem is CloudProblem.Conflict { Code: "BucketAlreadyOwnedByYou" })
        {
            // Perhaps by a first try whose answer was lost; its tag will tell.
            return false;
        }
        catch (CloudException taken) when (taken.Problem is CloudProblem.Conflict { Code: "BucketAlreadyExists" })
        {
            throw Taken(spec);
        }
    }

    /// <summary>What the rule blocks besides was decided by somebody else and stays.</summary>
    private static ServerSideEncryptionConfiguration Encryption(StoreSpec spec, BucketFacts facts) => new()
    {
        ServerSideEncryptionRules =
        [
            new ServerSideEncryptionRule
            {
                ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault
                {
                    ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AWSKMS,
                    ServerSideEncryptionKeyManagementServiceKeyId = spec.Key.Id,
                },
                BucketKeyEnabled = spec.BucketKey,
                BlockedEncryptionTypes = facts.Encryption?.BlockedEncryptionTypes,
            },
        ],
    };

    private static PublicAccessBlockConfiguration AllBlocked() => new()
    {
        BlockPublicAcls = true,
        BlockPublicPolicy = true,
        IgnorePublicAcls = true,
        RestrictPublicBuckets = true,
    };

    private async Task Do<T>(
        string operation,
        StoreRef store,
        Func<IAmazonS3, string, CancellationToken, Task<T>> send,
        CancellationToken cancellation)
        where T : AmazonWebServiceResponse
    {
        var account = (await site.CallerAsync(cancellation)).Account;
        await site.SendAsync(operation, store, (s3, stop) => send(s3, account, stop), evidence: null, cancellation);
    }
}
