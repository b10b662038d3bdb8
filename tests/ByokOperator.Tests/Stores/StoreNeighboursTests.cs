using ByokOperator.Api;
using ByokOperator.Tests.Hosting;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>Those that could be in a store's way are found by index: whatever the rules between two stores call a
/// conflict has to be among them.</summary>
public sealed class StoreNeighboursTests
{
    [Theory]
    [InlineData("acme/", "acme/", true)]
    [InlineData("acme/", "acme/x/y/", true)]
    [InlineData("acme/x/y/", "acme/", true)]
    [InlineData("acme/", "acme2/", false)]
    [InlineData(null, "acme/x/", true)]
    [InlineData("acme/x/", null, true)]
    [InlineData(null, null, true)]
    public async Task What_overlaps_in_a_container_is_found_whichever_was_first(
        string? older, string? newer, bool isFound)
    {
        await using var lookout = await Lookout.StartAsync();
        await ApplyAsync(lookout, "a", older);
        var store = await ApplyAsync(lookout, "b", newer);
        lookout.Neighbours.Violations(store, store, key: null)
            .Any(violation => violation.StartsWith("spec.shared.azure.prefix", StringComparison.Ordinal))
            .ShouldBe(isFound);
    }

    private static async Task<EncryptedStore> ApplyAsync(Lookout lookout, string name, string? prefix)
    {
        var store = await lookout.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = name, Namespace = Lookout.Namespace },
                Spec = new EncryptedStoreSpec
                {
                    KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                    Azure = new AzureStore
                    {
                        SubscriptionId = "11111111-2222-3333-4444-555555555555",
                        ResourceGroup = "byok",
                        Location = "westeurope",
                    },
                    Shared = new SharedLocation
                    {
                        Azure = new AzureSharedLocation
                        {
                            AccountName = "platformbackups",
                            Container = "acme",
                            Prefix = prefix,
                        },
                    },
                },
            },
            "test", CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Stores.Find(store.Metadata.Key) is not null);
        return lookout.Around.Cluster.Standing(store);
    }
}
