using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>Reads a bucket. Whose it is comes first: of a stranger's nothing else is asked.</summary>
internal sealed class BucketLook(S3Site site, BucketPolicies policies)
{
    /// <summary>Before the words of <see cref="StoreTag"/>.</summary>
    public const string TagPrefix = "byok.dev/";

    /// <summary>By tag and account, from one request whose refusals have a body.
    /// What could not be asked throws.</summary>
    public async Task<StoreOwnership> OwnershipAsync(StoreSpec spec, Evidence? evidence, CancellationToken cancellation)
    {
        try
        {
            return StoreTag.OwnershipOf(Read(await TagsAsync(spec.Store, evidence, cancellation)), spec);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            return StoreOwnership.Absent;
        }
        catch (CloudException closed) when (closed.Problem is CloudProblem.Forbidden)
        {
            return StoreOwnership.Forbidden;
        }
        catch (CloudException elsewhere) when (IsElsewhere(elsewhere.Problem))
        {
            return StoreOwnership.Stranger;
        }
    }

    /// <summary>Null where no tag says whose it is.</summary>
    public static StoreTag? Read(List<Tag>? tags) =>
        StoreTag.Read(word => tags?.Find(tag => tag.Key == TagPrefix + word)?.Value);

    /// <summary>Null where the bucket has no tags.</summary>
    public async Task<List<Tag>?> TagsAsync(StoreRef store, Evidence? evidence, CancellationToken cancellation)
    {
        var account = (await site.CallerAsync(cancellation)).Account;
        var answer = await site.FindAsync(
            "s3:GetBucketTagging",
            store,
            (s3, stop) =>
                s3.GetBucketTaggingAsync(
                    new GetBucketTaggingRequest { BucketName = store.Name, ExpectedBucketOwner = account }, stop),
            evidence,
            cancellation);
        return answer?.TagSet;
    }

    public async Task<BucketFacts> FactsAsync(StoreRef store, Evidence? evidence, CancellationToken cancellation)
    {
        var encryption = site.FindAsync(
            "s3:GetEncryptionConfiguration",
            store,
            (s3, stop) => s3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = store.Name }, stop),
            evidence,
            cancellation);
        var access = site.FindAsync(
            "s3:GetBucketPublicAccessBlock",
            store,
            (s3, stop) =>
                s3.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = store.Name }, stop),
            evidence,
            cancellation);
        var ownership = site.FindAsync(
            "s3:GetBucketOwnershipControls",
            store,
            (s3, stop) =>
                s3.GetBucketOwnershipControlsAsync(new GetBucketOwnershipControlsRequest { BucketName = store.Name },
                    stop),
            evidence,
            cancellation);
        var versioning = VersioningAsync(store, evidence, cancellation);
        var policy = policies.ReadAsync(store, evidence, cancellation);
        await Task.WhenAll(encryption, access, ownership, versioning, policy);
        return new BucketFacts(
            (await encryption)?.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?.FirstOrDefault(),
            (await access)?.PublicAccessBlockConfiguration,
            (await ownership)?.OwnershipControls,
            await versioning,
            await policy);
    }

    public async Task<VersionStatus?> VersioningAsync(
        StoreRef store, Evidence? evidence, CancellationToken cancellation)
    {
        var answer = await site.SendAsync(
            "s3:GetBucketVersioning",
            store,
            (s3, stop) => s3.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = store.Name }, stop),
            evidence,
            cancellation);
        return answer.VersioningConfig?.Status;
    }

    /// <summary>The name is taken in another region.</summary>
    public static bool IsElsewhere(CloudProblem problem) =>
        problem.Code is "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException"
            or "Http301" or "BucketRegionError";
}
