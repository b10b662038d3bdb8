using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Cloud.Stores;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Returning;

/// <summary>What the executors do for a store that is being deleted, on a live look at its object.</summary>
public sealed class DeletedBackActsTests
{
    [Theory]
    [InlineData(DeletionPolicies.ReturnToShared, "store/key", true)]
    [InlineData(DeletionPolicies.ReturnToShared, "store/another", false)]
    [InlineData(DeletionPolicies.ReturnToShared, null, false)]
    [InlineData(DeletionPolicies.Retain, "store/key", false)]
    [InlineData(DeletionPolicies.Delete, "store/key", false)]
    public async Task Only_one_whose_data_goes_back_by_consent_is_led_on(string policy, string? consent, bool isLedOn)
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        var store = await executors.ApplyAsync(spec => spec with { DeletionPolicy = policy });
        await lookout.Kube.Api<EncryptedStore>().ApplyAsync(
            store with
            {
                Metadata = new()
                {
                    Name = "store", Namespace = Lookout.Namespace, Finalizers = [Labels.Finalizer],
                    Annotations = consent is null ? null
                        : new Dictionary<string, string> { [Labels.ConfirmReturn] = consent },
                },
            },
            "test", CancellationToken.None);
        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, CancellationToken.None);
        await Lookout.UntilAsync(
            () => lookout.Around.Cluster.Stores.Find(store.Metadata.Key)?.Metadata.DeletionTimestamp is not null);
        executors.Owned(StoreOwnership.Ours);
        executors.Fenced(null);
        var act = new StoreAct.PrepareTarget(store.Metadata.Uid!);
        var standing = lookout.Around.Cluster.Standing(lookout.Around.Cluster.Stores.Find(store.Metadata.Key)!);
        var perform = () => executors.Stores.PerformAsync(
            standing, ByokOperator.Tests.Stores.Worlds.Open, act, CancellationToken.None);
        if (isLedOn)
        {
            await perform();
        }
        else
        {
            (await Should.ThrowAsync<RefusedActException>(perform)).Reason.ShouldBe("NotWanted");
        }

        await lookout.Stores.Received(isLedOn ? 1 : 0).PrepareAsync(Arg.Any<StoreSpec>(), Arg.Any<CancellationToken>());
    }
}
