using System.Security.Cryptography;
using ByokOperator.Api;
using ByokOperator.Records;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A namespace that goes takes the objects along; the rest is seen to from the records.</summary>
public sealed class NamespaceStories
{
    [Fact]
    public async Task An_imported_key_outlives_its_namespace_as_long_as_data_stands_under_it_and_no_longer()
    {
        await using var tenant = await Tenant.MoveInAsync(options => options with
        {
            CloudSettling = TimeSpan.FromSeconds(20), SteadyRecheck = TimeSpan.FromSeconds(2),
        });
        await tenant.Stage.Kube.Api<NamespaceObject>().CreateAsync(
            new NamespaceObject { Metadata = new ObjectMeta { Name = Tenant.Namespace } }, CancellationToken.None);
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.UploadAsync(RandomNumberGenerator.GetBytes(32));
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        var arn = (await tenant.KeyAsync()).Status!.Keys!.Single().Id;
        tenant.Cloud.GrantCount(arn).ShouldBe(1);

        await tenant.Stage.Kube.Api<NamespaceObject>().DeleteAsync(
            new ObjectKey("", Tenant.Namespace), null, CancellationToken.None);
        await UntilAsync("the namespace is gone", async () =>
            await tenant.Stage.Kube.Api<NamespaceObject>().TryGetAsync(
                new ObjectKey("", Tenant.Namespace), CancellationToken.None) is null);
        await UntilAsync(
            "nothing of ours lets anybody use the key", () => Task.FromResult(tenant.Cloud.GrantCount(arn) == 0));
        (tenant.Cloud.HasBucket(bucket), tenant.Cloud.KeyState(arn))
            .ShouldBe((true, "Enabled"), "data stands under it");
        (await RecordsAsync(tenant)).Count.ShouldBe(3, "of the key, of the store, and of its reports");

        tenant.Cloud.RemoveBucket(bucket);
        await UntilAsync("no record is left", async () => (await RecordsAsync(tenant)).Count == 0);
        tenant.Cloud.KeyState(arn).ShouldBe("PendingDeletion", "nothing needs it any more");
    }

    private static async Task<IReadOnlyList<ConfigMap>> RecordsAsync(Tenant tenant) =>
        (await tenant.Stage.Kube.Api<ConfigMap>().ListPageAsync(
            new Selection(Stage.SystemNamespace, RecordCodec.Label), null, CancellationToken.None)).Items;

    private static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var time = TimeProvider.System;
        for (var until = time.GetUtcNow() + LastResort.Timeout; time.GetUtcNow() < until; await Task.Delay(50))
        {
            if (await holds())
            {
                return;
            }
        }

        throw new TimeoutException($"in vain: {what}");
    }
}
