using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>A tenant's data is as it is: names and orders that people really have move like any other, and the old place is left empty.</summary>
public sealed class MoveStories
{
    private static readonly string[] Names =
    [
        "acme/\u0001", "acme/\u001F", "acme/\t", "acme/\r\n", "acme/\uFFFE", "acme/ ", "acme/", "acme//", "acme/a ", "acme/a+b%20c", "acme/&#x1;", "acme/<\">", "acme/\u2028",
    ];

    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_names_of_any_letters_move_and_none_is_left_behind() => MoveAsync(new AwsScene(), [.. Names, "acme/../up", "acme/."]);

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_names_of_any_letters_move_and_none_is_left_behind() => MoveAsync(new AzureScene(), Names);

    private static async Task MoveAsync(ICloudScene scene, IReadOnlyList<string> names)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        foreach (var name in names)
        {
            await scene.PutSharedAsync(name, $"of {name}");
        }

        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var store = (await tenant.UntilReadyAsync()).Status!.Location!;
        (await scene.ListAsync(store, "acme/")).ShouldNotBeNull().ShouldBe(names, ignoreOrder: true);
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
        foreach (var name in names)
        {
            (await scene.ReadAsync(store, name)).ShouldBe($"of {name}");
        }
    }
}
