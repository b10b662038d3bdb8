using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;

namespace Cloud.Tests.Contract;

internal static class StoreRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("A store is absent, then prepared without drift under the tenant's key", async world =>
        {
            var spec = ContractWorld.Spec(await world.KeyAsync(), versioned: true);
            (await world.Cloud.Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Absent);
            await world.Cloud.Stores.PrepareAsync(spec, None);
            var seen = await world.Cloud.Stores.DescribeAsync(spec, None);
            seen.Ownership.ShouldBe(StoreOwnership.Ours);
            seen.Drift.ShouldBeEmpty();
            (seen.IsDenied, seen.ObservedKeyId, seen.Observed["versioning"]).ShouldBe((false, spec.Key.Id, "Enabled"));
        }),
        new("A bucket without a tag is unmarked and is left alone", async world =>
        {
            var shared = await world.SharedAsync();
            var spec = ContractWorld.Spec(await world.KeyAsync()) with { Store = shared.Store };
            (await world.Cloud.Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Unmarked);
            (await Should.ThrowAsync<CloudException>(() => world.Cloud.Stores.PrepareAsync(spec, None))).Problem.Code
                .ShouldBe("BucketTaken");
            (await Should.ThrowAsync<CloudException>(() =>
                world.Cloud.Stores.DenyAsync(spec, DenialOrder.ByTag, None))).Problem.Code.ShouldBe("NotOurs");
            (await Should.ThrowAsync<CloudException>(() => world.Cloud.Stores.DeleteAsync(spec, None))).Problem.Code
                .ShouldBe("NotOurs");
        }),
        new("What an earlier object left is found by its names, closed as it is, and taken back with others' tags kept",
            async world =>
            {
                var spec = ContractWorld.Spec(await world.KeyAsync());
                spec = spec with { Names = new StoreOwner("acme", "acme", "backups", Origin: null) };
                await world.Cloud.Stores.PrepareAsync(spec, None);
                await world.TagAsync(spec.Store, "team", "archive");
                var later =
                    spec with { Owner = "later", Takes = spec.Owner, Names = spec.Names with { Origin = spec.Owner } };
                var search = new StoreSearch("b-", _ => false);
                (await world.Cloud.Stores.FindEarlierAsync(later, search, None))
                    .ShouldBe([new EarlierStore(spec.Store.Name, ContractWorld.Region, spec.Owner)]);
                (await world.Cloud.Stores.FindEarlierAsync(
                    later with { Store = spec.Store with { Name = "b-nothing" } },
                    search with { IsKnown = name => name == spec.Store.Name }, None)).ShouldBeEmpty();
                (await world.Cloud.Stores.OwnershipAsync(later, None)).ShouldBe(StoreOwnership.Earlier);
                (await Should.ThrowAsync<CloudException>(() =>
                    world.Cloud.Stores.PrepareAsync(later, None))).Problem.Code.ShouldBe("BucketTaken");
                (await Should.ThrowAsync<CloudException>(() =>
                    world.Cloud.Stores.AllowAsync(later, setAside: null, None))).Problem.Code.ShouldBe("NotOurs");
                (await Should.ThrowAsync<CloudException>(() =>
                    world.Cloud.Stores.DeleteAsync(later, None))).Problem.Code.ShouldBe("NotOurs");
                await world.Cloud.Stores.DenyAsync(later, DenialOrder.ByTag, None);
                await world.Cloud.Stores.AdoptAsync(later, None);
                await world.Cloud.Stores.AdoptAsync(later, None);
                var taken = await world.Cloud.Stores.DescribeAsync(later, None);
                (taken.Ownership, taken.IsDenied).ShouldBe((StoreOwnership.Ours, true));
                (await world.Cloud.Stores.OwnershipAsync(spec, None))
                    .ShouldBe(StoreOwnership.Stranger, "the first object's");
                (await world.TagsAsync(spec.Store)).ShouldBe(new Dictionary<string, string>
                {
                    ["team"] = "archive", ["byok.dev/owner"] = "later", ["byok.dev/tenant"] = "acme",
                    ["byok.dev/namespace"] = "acme", ["byok.dev/name"] = "backups", ["byok.dev/origin"] = spec.Owner,
                }, ignoreOrder: true);
            }),
        new("Another tenant's, namespace's or name's place, and one that nobody said may be taken, stays a stranger's",
            async world =>
            {
                var spec = ContractWorld.Spec(await world.KeyAsync());
                spec = spec with { Names = new StoreOwner("acme", "acme", "backups", Origin: null) };
                await world.Cloud.Stores.PrepareAsync(spec, None);
                var later = spec with { Owner = "later", Takes = "" };
                foreach (var other in new[]
                {
                    later with { Takes = null }, later with { Takes = "other" }, later with { Names = null },
                    later with { Names = spec.Names with { Tenant = "evil" } },
                    later with { Names = spec.Names with { Namespace = "evil" } },
                    later with { Names = spec.Names with { Name = "evil" } },
                })
                {
                    (await world.Cloud.Stores.OwnershipAsync(other, None)).ShouldBe(StoreOwnership.Stranger);
                    (await Should.ThrowAsync<CloudException>(() =>
                        world.Cloud.Stores.AdoptAsync(other, None))).Problem.Code.ShouldBe("NotOurs");
                    (await Should.ThrowAsync<CloudException>(() =>
                        world.Cloud.Stores.DenyAsync(other, DenialOrder.ByTag, None))).Problem.Code.ShouldBe("NotOurs");
                }

                (await world.Cloud.Stores.OwnershipAsync(later, None)).ShouldBe(StoreOwnership.Earlier);
                (await world.Cloud.Stores.OwnershipAsync(spec, None)).ShouldBe(StoreOwnership.Ours);
            }),
        new("What drifted is named and mended", async world =>
        {
            var spec = await world.StoreAsync();
            await world.Platform.DeletePublicAccessBlockAsync(
                new DeletePublicAccessBlockRequest { BucketName = spec.Store.Name });
            await world.Platform.DeleteBucketPolicyAsync(
                new DeleteBucketPolicyRequest { BucketName = spec.Store.Name });
            (await world.Cloud.Stores.DescribeAsync(spec, None)).Drift.ShouldBe(["PublicAccessBlock", "Policy"]);
            await world.Cloud.Stores.PrepareAsync(spec, None);
            (await world.Cloud.Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
        }),
        new("A closed store reads back as denied, stays so when prepared, and opens", async world =>
        {
            var spec = await world.StoreAsync();
            await world.Cloud.Stores.DenyAsync(spec, DenialOrder.ByTag, None);
            await world.Cloud.Stores.DenyAsync(spec, DenialOrder.ByTag, None);
            await world.Cloud.Stores.PrepareAsync(spec, None);
            (await world.Cloud.Stores.DescribeAsync(spec, None)).IsDenied.ShouldBeTrue();
            await world.Cloud.Stores.AllowAsync(spec, setAside: null, None);
            var open = await world.Cloud.Stores.DescribeAsync(spec, None);
            (open.IsDenied, open.Drift.Count).ShouldBe((false, 0));
        }),
        new("A closed store refuses everybody but the operator, who can open it", async world =>
        {
            var spec = await world.StoreAsync();
            await world.PutAsync(spec.Store, "a", "x");
            await world.Cloud.Stores.DenyAsync(spec, DenialOrder.ByTag, None);
            await Refused(() =>
                world.Workload.ListObjectsV2Async(new ListObjectsV2Request { BucketName = spec.Store.Name }));
            await Refused(() => world.Workload.GetObjectAsync(spec.Store.Name, "a"));
            await Refused(() => world.PutAsync(spec.Store, "b", "x"));
            await Refused(() => world.Workload.DeleteObjectAsync(spec.Store.Name, "a"));
            (await world.ListAsync(spec.Store, "")).Count.ShouldBe(1);
            await world.Cloud.Stores.AllowAsync(spec, setAside: null, None);
            using var got = await world.Workload.GetObjectAsync(spec.Store.Name, "a");
            got.ServerSideEncryptionKeyManagementServiceKeyId.ShouldBe(spec.Key.Id);
        }),
        new("Without an encryption of its own a write gets the tenant's key", async world =>
        {
            var spec = await world.StoreAsync();
            await world.PutAsync(spec.Store, "a", "x");
            (await world.Cloud.Objects.HeadAsync(spec.Store, "a", null, None))!.KeyId.ShouldBe(spec.Key.Id);
        }),
        new("A write with another encryption is refused", async world =>
        {
            var spec = await world.StoreAsync();
            var other = await world.KeyAsync();
            await Refused(() => world.Workload.PutObjectAsync(Put(spec, ServerSideEncryptionMethod.AES256, null)));
            await Refused(() => world.Workload.PutObjectAsync(Put(spec, ServerSideEncryptionMethod.AWSKMS, other.Id)));
            await Refused(() => world.Workload.PutObjectAsync(Put(spec, ServerSideEncryptionMethod.AWSKMS, null)));
            await world.Workload.PutObjectAsync(Put(spec, ServerSideEncryptionMethod.AWSKMS, spec.Key.Id));
        }),
        new("A workload neither writes nor deletes the operator's records", async world =>
        {
            var spec = await world.StoreAsync(versioned: true);
            await world.Cloud.Objects.WriteMarkAsync(spec.Store, ".byok/pin.json", "{}"u8.ToArray(), spec.Key,
                Mark.OnlyNew, None);
            await world.PutAsync(spec.Store, "a", "x");
            await Refused(() => world.PutAsync(spec.Store, ".byok/pin.json", "x"));
            await Refused(() => world.PutAsync(spec.Store, ".byok/other", "x"));
            await Refused(() => world.Workload.DeleteObjectAsync(spec.Store.Name, ".byok/pin.json"));
            var standing = (await world.ListAsync(spec.Store, ".byok/")).ShouldHaveSingleItem();
            await Refused(() => world.Workload.DeleteObjectAsync(spec.Store.Name, standing.Key, standing.VersionId));
            var batch = await Should.ThrowAsync<DeleteObjectsException>(() => world.Workload.DeleteObjectsAsync(
                new DeleteObjectsRequest
                {
                    BucketName = spec.Store.Name,
                    Objects = [new KeyVersion { Key = ".byok/pin.json" }, new KeyVersion { Key = "a" }],
                }));
            batch.Response.DeleteErrors.ShouldHaveSingleItem().Key.ShouldBe(".byok/pin.json");
            (await world.Cloud.Objects.ReadMarkAsync(spec.Store, ".byok/pin.json", None))!.Content.ToArray()
                .ShouldBe("{}"u8.ToArray());
            await world.Cloud.Objects.WriteMarkAsync(spec.Store, ".byok/pin.json", "[]"u8.ToArray(), spec.Key, null,
                None);
            await world.Cloud.Objects.DeleteVersionsAsync(spec.Store, await world.ListAsync(spec.Store, ""), None);
        }),
        new("A policy that leaves the operator's records to anybody is drift, and mended", async world =>
        {
            var spec = await world.StoreAsync();
            var policy = System.Text.Json.Nodes.JsonNode
                .Parse((await world.Platform.GetBucketPolicyAsync(spec.Store.Name)).Policy)!;
            policy["Statement"]!.AsArray().RemoveAll(statement => statement!["Sid"]!.ToString() == "ByokMarks")
                .ShouldBe(1);
            await world.Platform.PutBucketPolicyAsync(spec.Store.Name, policy.ToJsonString());
            (await world.Cloud.Stores.DescribeAsync(spec, None)).Drift.ShouldBe(["Policy"]);
            await world.Cloud.Stores.PrepareAsync(spec, None);
            (await world.Cloud.Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
        }),
        new("A foreign statement outlives closing and opening", async world =>
        {
            var spec = await world.StoreAsync();
            var standing = (await world.Platform.GetBucketPolicyAsync(spec.Store.Name)).Policy;
            var theirs =
                $$"""{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/byok-workload"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::{{spec.Store.Name}}/*"}""";
            await world.Platform.PutBucketPolicyAsync(spec.Store.Name,
                standing.Replace("\"Statement\":[", $"\"Statement\":[{theirs},", StringComparison.Ordinal));
            await world.Cloud.Stores.DenyAsync(spec, DenialOrder.ByTag, None);
            await world.Cloud.Stores.AllowAsync(spec, setAside: null, None);
            var seen = await world.Cloud.Stores.DescribeAsync(spec, None);
            seen.Drift.ShouldBeEmpty();
            seen.Observed["policySids"].ShouldContain("Theirs");
        }),
        new("A store goes only when it is empty", async world =>
        {
            var spec = await world.StoreAsync();
            await world.PutAsync(spec.Store, "a", "x");
            (await Should.ThrowAsync<CloudException>(() => world.Cloud.Stores.DeleteAsync(spec, None))).Problem
                .ShouldBeOfType<CloudProblem.Conflict>();
            await world.Cloud.Objects.DeleteVersionsAsync(spec.Store, await world.ListAsync(spec.Store, ""), None);
            await world.Cloud.Stores.DeleteAsync(spec, None);
            await world.Cloud.Stores.DeleteAsync(spec, None);
            (await world.Cloud.Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Absent);
        }),
        new("A fence keeps its token until it is lifted, and the next has another", async world =>
        {
            var shared = await world.SharedAsync();
            var token = await world.Cloud.Stores.RaiseFenceAsync(shared, "uid-1", None);
            (await world.Cloud.Stores.RaiseFenceAsync(shared, "uid-1", None)).ShouldBe(token);
            var seen = await world.Cloud.Stores.DescribeSharedAsync(shared, "uid-1", None);
            seen.Fence.ShouldBe(token);
            seen.FencedSince!.Value.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10));
            (await world.Cloud.Stores.DescribeSharedAsync(shared, "uid-2", None)).Fence.ShouldBeNull();
            await world.Cloud.Stores.LiftFenceAsync(shared, "uid-1", None);
            await world.Cloud.Stores.LiftFenceAsync(shared, "uid-1", None);
            var lifted = await world.Cloud.Stores.DescribeSharedAsync(shared, "uid-1", None);
            (lifted.Fence, lifted.FencedSince).ShouldBe((null, null));
            (await world.Cloud.Stores.RaiseFenceAsync(shared, "uid-1", None)).ShouldNotBe(token);
        }),
        new("A fence stops writers of its prefix and nobody else", async world =>
        {
            var shared = await world.SharedAsync();
            await world.PutAsync(shared.Store, "acme/a", "x");
            await world.Cloud.Stores.RaiseFenceAsync(shared, "uid-1", None);
            await Refused(() => world.PutAsync(shared.Store, "acme/b", "x"));
            await Refused(() => world.Workload.DeleteObjectAsync(shared.Store.Name, "acme/a"));
            await world.PutAsync(shared.Store, "acme2/a", "x");
            using var still = await world.Workload.GetObjectAsync(shared.Store.Name, "acme/a");
            await world.Cloud.Stores.LiftFenceAsync(shared, "uid-1", None);
            await world.PutAsync(shared.Store, "acme/b", "x");
        }),
        new("Fences of two tenants at once both stand", async world =>
        {
            var shared = await world.SharedAsync();
            var raised = Enumerable.Range(0, 8)
                .Select(tenant =>
                    world.Cloud.Stores.RaiseFenceAsync(shared with { Prefix = $"t{tenant}/" }, $"uid-{tenant}", None))
                        .ToList();
            var tokens = await Task.WhenAll(raised);
            for (var tenant = 0; tenant < tokens.Length; tenant++)
            {
                var seen = await world.Cloud.Stores.DescribeSharedAsync(shared with { Prefix = $"t{tenant}/" },
                    $"uid-{tenant}", None);
                seen.Fence.ShouldBe(tokens[tenant]);
            }
        }),
        new("A policy without room for one more fence says so", async world =>
        {
            var shared = await world.SharedAsync();
            (await world.Cloud.Stores.DescribeSharedAsync(shared, "uid-1", None)).FenceObstacle.ShouldBeNull();
            var names = string.Join(',',
                Enumerable.Range(0, 180)
                    .Select(number => $"\"arn:aws:s3:::{shared.Store.Name}/{new string('p', 55)}{number:D4}/*\""));
            await world.Platform.PutBucketPolicyAsync(
                shared.Store.Name,
                $$"""{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Deny","Principal":"*","Action":"s3:GetObjectTorrent","Resource":[{{names}}]}]}""");
            (await world.Cloud.Stores.DescribeSharedAsync(shared, "uid-1", None)).FenceObstacle!.Code
                .ShouldBe("PolicyFull");
            (await Should.ThrowAsync<CloudException>(() =>
                world.Cloud.Stores.RaiseFenceAsync(shared, "uid-1", None))).Problem.Code.ShouldBe("PolicyFull");
        }),
        new("A shared store is described from one prefix", async world =>
        {
            var shared = await world.SharedAsync(versioned: true);
            await world.PutAsync(shared.Store, "acme2/a", "x");
            var empty = await world.Cloud.Stores.DescribeSharedAsync(shared, "uid-1", None);
            (empty.Exists, empty.IsVersioned, empty.IsEmpty, empty.UnfinishedUploads).ShouldBe((true, true, true, 0));
            await world.Workload.InitiateMultipartUploadAsync(shared.Store.Name, "acme/big");
            await world.PutAsync(shared.Store, "acme/a", "x");
            var full = await world.Cloud.Stores.DescribeSharedAsync(shared, "uid-1", None);
            (full.IsEmpty, full.UnfinishedUploads).ShouldBe((false, 1));
            var gone = shared with { Store = shared.Store with { Name = shared.Store.Name + "-x" } };
            (await world.Cloud.Stores.DescribeSharedAsync(gone, "uid-1", None)).Exists.ShouldBeFalse();
        }),
    ];

    private static PutObjectRequest Put(StoreSpec spec, ServerSideEncryptionMethod method, string? key) => new()
    {
        BucketName = spec.Store.Name,
        Key = "a",
        ContentBody = "x",
        UseChunkEncoding = false,
        ServerSideEncryptionMethod = method,
        ServerSideEncryptionKeyManagementServiceKeyId = key,
    };

    private static async Task Refused(Func<Task> act) =>
        (await Should.ThrowAsync<AmazonS3Exception>(act)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
}
