using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>What only Azure has: a key whose version the spec holds.</summary>
public sealed class HeldVersionStories
{
    [Fact(Timeout = LastResort.Story)]
    public async Task A_held_version_outlives_a_rotation_and_another_one_is_followed_without_a_move()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var first = scene.Version;
        await scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync(key => key with { AzureKeyVault = key.AzureKeyVault! with { KeyVersion = first } });
        await tenant.ApplyStoreAsync();
        var store = (await tenant.UntilReadyAsync()).Status!.Location!;
        (await scene.KeyOfAsync(store)).ShouldBe($"{scene.KeyId}/{first}");

        scene.RotateKey();
        await tenant.ApplyKeyAsync(key =>
            key with { AzureKeyVault = key.AzureKeyVault! with { KeyVersion = scene.Version } });

        while (await scene.KeyOfAsync(store) != $"{scene.KeyId}/{scene.Version}")
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await tenant.UntilReadyAsync()).Status!.ActiveKey.ShouldBe(scene.KeyId);
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
    }
}
