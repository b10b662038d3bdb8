using Cluster.Tests.Primitives;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>A delta that hangs: writers are refused for so long and no longer.</summary>
public sealed class FenceStories
{
    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_writers_write_again_when_the_delta_is_not_done_in_time_and_it_is_done_later() =>
        TellAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_writers_write_again_when_the_delta_is_not_done_in_time_and_it_is_done_later() =>
        TellAsync(new AzureScene());

    private static async Task TellAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        var turnstile = new Turnstile();
        scene.HoldCopies(turnstile);
        await scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(fenceTimeout: "10s");
        await Until.TrueAsync("the bulk copy has listed what there is", () => Task.FromResult(turnstile.Arrived > 0));
        await scene.PutSharedAsync("acme/b.txt", "for the delta");
        turnstile.Admit(1);

        await tenant.UntilAsync(store => TenantLife.SaysOf(store, "WritesFenced", "FencePaused"));
        await scene.PutSharedAsync("acme/a.txt", "written again");
        await scene.PutSharedAsync("acme/b.txt", "written again too");

        await tenant.ApplyStoreAsync(fenceTimeout: "40s");
        turnstile.Open();
        var place = (await tenant.UntilReadyAsync()).Status!.Location!;
        (await scene.ReadAsync(place, "acme/a.txt")).ShouldBe("written again");
        (await scene.ReadAsync(place, "acme/b.txt")).ShouldBe("written again too");
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
        await scene.PutSharedAsync("acme/later.txt", "open");
    }
}
