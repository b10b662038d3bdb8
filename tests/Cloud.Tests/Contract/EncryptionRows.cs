using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;

namespace Cloud.Tests.Contract;

/// <summary>What a change of a store's key needs of S3: other keys for what stands,
/// and for what is written meanwhile.</summary>
internal static class EncryptionRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("Every version is put under another key of the bucket's account where it stands", async world =>
        {
            var (spec, to) = await UnderOwnKeysAsync(world, versioned: true);
            (await world.Cloud.Stores.DescribeAsync(spec, None)).KeepsVersions.ShouldBeTrue();
            await world.PlatformPutAsync(spec.Store, "a", "first");
            await world.PlatformPutAsync(spec.Store, "a", "second");
            (await world.Cloud.ObjectEncryption.TryUpdateAsync(spec.Store, spec.Key, to, None))
                .ShouldBeOfType<UpdateSupport.Works>();
            var listed = await world.ListAsync(spec.Store, "");
            listed.Select(version => version.Key).ShouldBe(["a", "a"], "the trial leaves nothing");
            foreach (var version in listed)
            {
                await world.Cloud.ObjectEncryption.UpdateAsync(spec.Store, version, to, bucketKey: false, None);
                await world.Cloud.ObjectEncryption.UpdateAsync(spec.Store, version, to, bucketKey: false, None);
                var seen = (await world.Objects.HeadAsync(spec.Store, "a", version.VersionId, None))!;
                (seen.KeyId, seen.ETag, seen.Encryption).ShouldBe((to.Id, version.ETag, "aws:kms"));
            }

            (await world.ListAsync(spec.Store, "")).ShouldBe(listed, "no version is added, and no time changes");
            await world.Administrator.DisableKeyAsync(spec.Key.Id);
            using var read = await world.Platform.GetObjectAsync(spec.Store.Name, "a");
            (await new StreamReader(read.ResponseStream).ReadToEndAsync()).ShouldBe("second");
        }),
        new("No object is put under a key of another account where it stands", async world =>
        {
            var (spec, _) = await UnderOwnKeysAsync(world, versioned: false);
            (await world.Cloud.Stores.DescribeAsync(spec, None)).KeepsVersions.ShouldBeFalse();
            var foreign = await world.KeyAsync();
            (await world.Cloud.ObjectEncryption.TryUpdateAsync(spec.Store, spec.Key, foreign, None))
                .ShouldBeOfType<UpdateSupport.Refused>().Code.ShouldBe("OtherAccount");
            await world.PlatformPutAsync(spec.Store, "a", "x");
            var version = (await world.ListAsync(spec.Store, "")).Single();
            (await Should.ThrowAsync<CloudException>(() =>
                world.Cloud.ObjectEncryption.UpdateAsync(spec.Store, version, foreign, bucketKey: false, None)))
                .Problem.ShouldBeOfType<CloudProblem.Forbidden>();
            (await world.Objects.HeadAsync(spec.Store, "a", null, None))!.KeyId.ShouldBe(spec.Key.Id);
        }),
        new("A trial that the other key refuses says so", async world =>
        {
            var (spec, to) = await UnderOwnKeysAsync(world, versioned: false);
            await world.Administrator.DisableKeyAsync(to.Id);
            (await Should.ThrowAsync<CloudException>(() =>
                world.Cloud.ObjectEncryption.TryUpdateAsync(spec.Store, spec.Key, to, None)))
                .Problem.ShouldBeOfType<CloudProblem.KeyUnusable>();
            (await world.ListAsync(spec.Store, "")).ShouldBeEmpty();
        }),
        new("What can't be put under another key where it stands is refused with what to do", async world =>
        {
            var (spec, to) = await UnderOwnKeysAsync(world, versioned: false);
            var place = (await world.SharedAsync()).Store;
            await world.Platform.PutObjectAsync(new PutObjectRequest
            {
                BucketName = place.Name, Key = "twice", ContentBody = "x",
                ServerSideEncryptionMethod = ServerSideEncryptionMethod.FindValue("aws:kms:dsse"),
                ServerSideEncryptionKeyManagementServiceKeyId = spec.Key.Id,
            });
            await world.Platform.PutObjectAsync(new PutObjectRequest
            {
                BucketName = place.Name, Key = "held", ContentBody = "x",
                ObjectLockLegalHoldStatus = ObjectLockLegalHoldStatus.On,
            });
            (await RefusalAsync(world, place, "twice", to)).Code.ShouldBe("ObjectKeyStays");
            (await RefusalAsync(world, place, "held", to)).Code.ShouldBe("ObjectLocked");
            (await Should.ThrowAsync<CloudException>(() =>
                world.Cloud.ObjectEncryption.UpdateAsync(place, Named("gone"), to, bucketKey: false, None)))
                .Problem.ShouldBeOfType<CloudProblem.NotFound>();
        }),
        new("A workload puts nothing under another key", async world =>
        {
            var (spec, to) = await UnderOwnKeysAsync(world, versioned: false);
            await world.PlatformPutAsync(spec.Store, "a", "x");
            (await Should.ThrowAsync<AmazonS3Exception>(() =>
                world.Workload.UpdateObjectEncryptionAsync(new UpdateObjectEncryptionRequest
                {
                    BucketName = spec.Store.Name, Key = "a",
                    ObjectEncryption = new ObjectEncryption { SSEKMS = new SSEKMSEncryption { KMSKeyArn = to.Id } },
                }))).ErrorCode.ShouldBe("AccessDenied");
        }),
        new("A store that goes from one key to another admits both, and then the new one alone", async world =>
        {
            var first = await world.StoreAsync();
            var to = await world.KeyAsync();
            foreach (var (spec, admitted) in ((StoreSpec, KeyRef[])[])
            [
                (first, [first.Key]),
                (first with { Admits = [to] }, [first.Key, to]),
                (first with { Key = to, Admits = [first.Key] }, [first.Key, to]),
                (first with { Key = to }, [to]),
            ])
            {
                await world.Cloud.Stores.PrepareAsync(spec, None);
                var seen = await world.Cloud.Stores.DescribeAsync(spec, None);
                (seen.ObservedKeyId, seen.Drift.Count).ShouldBe((spec.Key.Id, 0));
                await world.PutAsync(first.Store, "silent", "x");
                (await world.Objects.HeadAsync(first.Store, "silent", null, None))!.KeyId.ShouldBe(spec.Key.Id);
                foreach (var key in (KeyRef[])[first.Key, to, await world.KeyAsync()])
                {
                    (await MayNameAsync(world, first.Store, key))
                        .ShouldBe(admitted.Contains(key), $"{spec.Key.Id} admits {key.Id}");
                }
            }
        }),
        new("Somebody who changes the default back is drift, and it is mended", async world =>
        {
            var spec = await world.StoreAsync();
            var changed = spec with { Key = await world.KeyAsync() };
            await world.Cloud.Stores.PrepareAsync(changed, None);
            await world.Cloud.Stores.PrepareAsync(spec, None);
            (await world.Cloud.Stores.DescribeAsync(changed, None)).Drift
                .ShouldBe(["Encryption", "Policy"], ignoreOrder: true);
            await world.Cloud.Stores.PrepareAsync(changed, None);
            (await world.Cloud.Stores.DescribeAsync(changed, None)).Drift.ShouldBeEmpty();
        }),
        new("Uploads that nobody completed are told with their beginning, and aborted", async world =>
        {
            var place = (await world.SharedAsync()).Store;
            var names = new[] { "a b+ü", "a/1", "a/2" };
            foreach (var name in names)
            {
                await world.Workload.InitiateMultipartUploadAsync(
                    new InitiateMultipartUploadRequest { BucketName = place.Name, Key = name });
            }

            var listed = await UploadsAsync(world, place, "");
            listed.Select(upload => upload.Key).ShouldBe(names);
            listed.ShouldAllBe(upload =>
                upload.StartedAt > DateTimeOffset.UtcNow.AddMinutes(-5)
                    && upload.StartedAt < DateTimeOffset.UtcNow.AddMinutes(5));
            (await UploadsAsync(world, place, "a/")).Count.ShouldBe(2);
            foreach (var upload in listed)
            {
                await world.Cloud.ObjectEncryption.AbortUploadAsync(place, upload, None);
                await world.Cloud.ObjectEncryption.AbortUploadAsync(place, upload, None);
            }

            (await UploadsAsync(world, place, "")).ShouldBeEmpty();
        }),
    ];

    /// <summary>A store under a key of the platform's own account, which admits another one of it.</summary>
    private static async Task<(StoreSpec Spec, KeyRef To)> UnderOwnKeysAsync(ContractWorld world, bool versioned)
    {
        var to = await world.OwnKeyAsync();
        var spec = ContractWorld.Spec(await world.OwnKeyAsync(), versioned) with { Admits = [to] };
        await world.Cloud.Stores.PrepareAsync(spec, None);
        return (spec, to);
    }

    private static ObjectVersion Named(string key) =>
        new(key, null, "e", 1, DateTimeOffset.UnixEpoch, IsDeleteMarker: false, IsLatest: true, StorageClass: null);

    private static async Task<CloudProblem.Refused> RefusalAsync(
        ContractWorld world, StoreRef store, string key, KeyRef to)
    {
        var refused = (await Should.ThrowAsync<CloudException>(() =>
            world.Cloud.ObjectEncryption.UpdateAsync(store, Named(key), to, bucketKey: false, None)))
            .Problem.ShouldBeOfType<CloudProblem.Refused>();
        refused.Fix.ShouldNotBeNullOrEmpty();
        return refused;
    }

    private static async Task<List<UnfinishedUpload>> UploadsAsync(
        ContractWorld world, StoreRef store, string prefix) =>
        await world.Cloud.ObjectEncryption.ListUploadsAsync(store, prefix, None).ToListAsync();

    private static async Task<bool> MayNameAsync(ContractWorld world, StoreRef store, KeyRef key)
    {
        try
        {
            await world.Workload.PutObjectAsync(new PutObjectRequest
            {
                BucketName = store.Name,
                Key = "named",
                ContentBody = "x",
                UseChunkEncoding = false,
                ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                ServerSideEncryptionKeyManagementServiceKeyId = key.Id,
            });
            return true;
        }
        catch (AmazonS3Exception refused) when (refused.ErrorCode == "AccessDenied")
        {
            return false;
        }
    }
}
