using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>A store that names no key yet: workloads read one ConfigMap before
/// and after the move that naming it begins.</summary>
public sealed class PointerStories
{
    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_a_store_without_a_key_leads_to_the_shared_place_until_one_is_named() =>
        JoinAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_a_store_without_a_key_leads_to_the_shared_place_until_one_is_named() =>
        JoinAsync(new AzureScene());

    private static async Task JoinAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        await scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.ApplyStoreAsync(change: spec => spec with { KeyRef = null });
        var pointing = await tenant.UntilAsync(store => TenantLife.Is(store, "Ready", "True"));
        var before = (await tenant.BindingAsync())!.Data!;
        before["key"].ShouldBe("");
        before["prefix"].ShouldBe("acme/");
        pointing.Status!.Location!.Bucket.ShouldEndWith(before.GetValueOrDefault("bucket") ?? before["container"]);
        pointing.Status.Availability.ShouldBeNull("nothing is under a key, so nothing can be open or closed by one");
        pointing.Metadata.Finalizers.ShouldBeNull();

        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var place = (await tenant.UntilReadyAsync()).Status!.Location!;
        var after = (await tenant.BindingAsync())!.Data!;
        after["key"].ShouldNotBeEmpty();
        (after.GetValueOrDefault("bucket") ?? after["account"])
            .ShouldNotBe(before.GetValueOrDefault("bucket") ?? before["account"]);
        (await scene.ReadAsync(place, "acme/a.txt")).ShouldBe("one");
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();

        scene.SwitchKey(on: false);
        await tenant.UntilClosedAsync();
        (await tenant.BindingAsync()).ShouldBeNull();
    }
}
