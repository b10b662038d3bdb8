using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>A tenant's prefix of a shared bucket: looking, and the write fence.</summary>
internal sealed class SharedStores(S3Site site, BucketLook look, BucketPolicies policies)
{
    private const int UploadsCounted = 1000;

    /// <summary>No character comes after it.</summary>
    private const string Last = "\U0010FFFF";

    /// <summary>A directory bucket's name ends so, by S3's own rule.</summary>
    private const string DirectoryBucketSuffix = "--x-s3";

    public async Task<SharedDescription> DescribeAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        if (shared.Store.Name.EndsWith(DirectoryBucketSuffix, StringComparison.Ordinal))
        {
            return new SharedDescription(Exists: true, IsVersioned: false, IsEmpty: false, Fence: null,
                UnfinishedUploads: 0, [])
            {
                Unfit = new CloudProblem.Refused(
                    "DirectoryBucket",
                    $"{shared.Store.Name} is a directory bucket, which lists in no order: copy the data to a general "
                        + "purpose bucket, and name that one in spec.shared"),
            };
        }

        var evidence = new Evidence();
        try
        {
            var versioning = look.VersioningAsync(shared.Store, evidence, cancellation);
            var policy = policies.ReadAsync(shared.Store, evidence, cancellation);
            var first = FirstAsync(shared, evidence, cancellation);
            var uploads = UploadsAsync(shared, evidence, cancellation);
            await Task.WhenAll(versioning, policy, first, uploads);
            var caller = await site.CallerAsync(cancellation);
            var fence = Standing(await policy, shared, owner, caller);
            return new SharedDescription(
                Exists: true,
                IsVersioned: await versioning is { } status
                    && (status == VersionStatus.Enabled || status == VersionStatus.Suspended),
                IsEmpty: await first,
                Fence: fence,
                UnfinishedUploads: await uploads,
                evidence.ToList())
            {
                FenceObstacle = fence is null
                    ? Obstacle(await policy, shared,
                        Fence(shared, owner, SharedFence.NewToken(site.Time.GetUtcNow()), caller)) : null,
                FencedSince = fence is null ? null : SharedFence.RaisedAt(fence),
                KeepsVersions = await versioning == VersionStatus.Enabled,
            };
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound { Code: "NoSuchBucket" })
        {
            return new SharedDescription(false, false, true, null, 0, evidence.ToList());
        }
        catch (CloudException elsewhere) when (BucketLook.IsElsewhere(elsewhere.Problem))
        {
            return new SharedDescription(Exists: true, IsVersioned: false, IsEmpty: false, Fence: null,
                UnfinishedUploads: 0, evidence.ToList())
            {
                Unfit = new CloudProblem.Refused("SharedPlaceElsewhere",
                    $"the bucket {shared.Store.Name} is not in {shared.Store.Region}: data is moved within one "
                        + "region; name a bucket there"),
            };
        }
    }

    public async Task<SharedDefault?> DefaultAsync(StoreRef shared, CancellationToken cancellation)
    {
        var answer = await site.FindAsync(
            "s3:GetEncryptionConfiguration",
            shared,
            (s3, stop) =>
                s3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = shared.Name }, stop),
            evidence: null,
            cancellation);
        var rule = answer?.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?.FirstOrDefault();
        return rule?.ServerSideEncryptionByDefault
            is not { ServerSideEncryptionAlgorithm.Value: { } algorithm } byDefault ? null
            : new SharedDefault(algorithm,
                byDefault.ServerSideEncryptionKeyManagementServiceKeyId is { Length: > 0 } key ? key
                    : null, rule.BucketKeyEnabled ?? false);
    }

    public async Task<string> RaiseAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        Check(shared);
        var caller = await site.CallerAsync(cancellation);
        var token = SharedFence.NewToken(site.Time.GetUtcNow());
        await policies.ChangeAsync(
            shared.Store,
            policy =>
            {
                if (Standing(policy, shared, owner, caller) is { } inForce)
                {
                    token = inForce;
                    return policy;
                }

                var fence = Fence(shared, owner, token, caller);
                return Obstacle(policy, shared, fence) is { } obstacle
                    ? throw new CloudException(obstacle, "s3:PutBucketPolicy")
                    : policy.Without(sid => StoreStatements.IsFenceOf(owner, sid)).With(fence);
            },
            policy => Standing(policy, shared, owner, caller) == token,
            cancellation);
        return token;
    }

    public Task LiftAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        return policies.ChangeAsync(
            shared.Store,
            policy => policy.Sids.Any(Is) ? policy.Without(Is) : policy,
            policy => !policy.Sids.Any(Is),
            cancellation);

        bool Is(string sid) => StoreStatements.IsFenceOf(owner, sid);
    }

    /// <summary>A fence that somebody altered fences nothing for certain: then none stands,
    /// and the next one gets a new token.</summary>
    private static string? Standing(BucketPolicy policy, SharedRef shared, string owner, AwsCaller caller)
    {
        foreach (var sid in policy.Sids.Where(sid => StoreStatements.IsFenceOf(owner, sid)))
        {
            var token = StoreStatements.Token(sid);
            if (policy.Holds(Fence(shared, owner, token, caller)))
            {
                return token;
            }
        }

        return null;
    }

    /// <summary>Known before S3 is asked, so that it is told before anything was moved.</summary>
    private static CloudProblem.Refused? Obstacle(
        BucketPolicy policy, SharedRef shared, System.Text.Json.Nodes.JsonObject fence) =>
        !policy.IsEmpty && !policy.KnowsVariables && StoreStatements.NeedsVariables(shared.Prefix)
            ? new("PolicyTooOld",
                "the prefix holds *, ? or $, and the bucket's policy must have Version 2012-10-17 to name it")
        : policy.With(fence).Bytes is var bytes and > BucketPolicy.MostBytes
            ? new(BucketPolicies.Full,
                $"the policy of {shared.Store.Name} has no room for the statement that refuses writes: with it, it "
                    + $"has {bytes} bytes of {BucketPolicy.MostBytes}: shorten it")
        : null;

    private static System.Text.Json.Nodes.JsonObject Fence(
        SharedRef shared, string owner, string token, AwsCaller caller) =>
        StoreStatements.Fence(caller.Partition, new SharedFence(shared.Store.Name, shared.Prefix, owner, token),
            caller.Patterns);

    private static void Check(SharedRef shared)
    {
        if (!shared.IsSound || (shared.Prefix.Length < 2 && !shared.IsOwn))
        {
            throw new CloudException(
                new CloudProblem.Refused("InvalidPrefix",
                    $"'{shared.Prefix}' must be a name that ends in a slash; without it a neighbour would be meant too"),
                "s3:PutBucketPolicy");
        }
    }

    /// <summary>Of all of a bucket the operator's own is passed over: a few jumps, for few names begin like the
    /// last one there can be.</summary>
    private async Task<bool> FirstAsync(SharedRef shared, Evidence evidence, CancellationToken cancellation)
    {
        string? after = null;
        while (true)
        {
            var request = new ListVersionsRequest
            {
                BucketName = shared.Store.Name,
                Prefix = shared.Prefix,
                KeyMarker = after,
                MaxKeys = 1,
                Encoding = EncodingType.Url,
            };
            var page = await site.SendAsync("s3:ListBucketVersions", shared.Store,
                (s3, stop) => s3.ListVersionsAsync(request, stop), evidence, cancellation);
            if (page.Versions is not [var first, ..])
            {
                return true;
            }

            var name = page.Encoding == EncodingType.Url ? WebUtility.UrlDecode(first.Key) : first.Key;
            if (!shared.IsWhole || !name.StartsWith(Mark.Root, StringComparison.Ordinal))
            {
                return false;
            }

            after = after is null ? Mark.Root + Last : name;
        }
    }

    private async Task<int> UploadsAsync(SharedRef shared, Evidence evidence, CancellationToken cancellation)
    {
        var page = await site.SendAsync(
            "s3:ListBucketMultipartUploads",
            shared.Store,
            (s3, stop) => s3.ListMultipartUploadsAsync(
                new ListMultipartUploadsRequest
                {
                    BucketName = shared.Store.Name,
                    Prefix = shared.Prefix,
                    MaxUploads = UploadsCounted,
                    Encoding = EncodingType.Url,
                }, stop),
            evidence,
            cancellation);
        return page.MultipartUploads?.Count ?? 0;
    }
}
