using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>A tenant's data is as it is: names and orders that people really have move like any other,
/// and the old place is left empty.</summary>
public sealed class MoveStories
{
    private static readonly string[] Names =
    [
        "acme/\u0001", "acme/\u001F", "acme/\t", "acme/\r\n", "acme/\uFFFE", "acme/ ", "acme/", "acme//", "acme/a ",
        "acme/a+b%20c", "acme/&#x1;", "acme/<\">", "acme/\u2028",
    ];

    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_names_of_any_letters_move_and_none_is_left_behind() =>
        MoveAsync(new AwsScene(), [.. Names, "acme/../up", "acme/."]);

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_names_of_any_letters_move_and_none_is_left_behind() => MoveAsync(new AzureScene(), Names);

    /// <summary>The two clouds list these differently; several, so that no shard is without both.</summary>
    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_names_beyond_the_first_plane_move_among_those_at_its_end() => MoveAsync(new AwsScene(), Planes);

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_names_beyond_the_first_plane_move_among_those_at_its_end() =>
        MoveAsync(new AzureScene(), Planes);

    [Fact(Timeout = LastResort.Story)]
    public async Task An_account_with_a_hierarchical_namespace_is_refused_before_anything_begins()
    {
        var scene = new AzureScene(isHierarchical: true);
        await using var tenant = await TenantLife.BeginAsync(scene);
        await scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();

        var store = await tenant.UntilAsync(item => TenantLife.ReasonOf(item) == "HierarchicalNamespace");

        TenantLife.Is(store, "Stalled", "True").ShouldBeTrue();
        (await scene.ListAsync(store.Status!.Location!, "acme/")).ShouldNotBeNull().ShouldBeEmpty();
        (await scene.ListSharedAsync("acme/")).ShouldBe(["acme/a.txt"]);
        await scene.PutSharedAsync("acme/a.txt", "no fence");
    }

    /// <summary>A container for each organization is how many have it.</summary>
    [Fact(Timeout = LastResort.Story)]
    public async Task On_Azure_a_container_that_is_the_tenants_as_a_whole_moves_and_is_left_empty()
    {
        string[] names = ["!first", ".byokx", "a.txt", "deep/er/b.txt", "~last"];
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        foreach (var name in names)
        {
            await scene.PutSharedAsync(name, $"of {name}");
        }

        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(prefix: "");
        var store = (await tenant.UntilReadyAsync()).Status!.Location!;

        (await scene.ListAsync(store, "")).ShouldNotBeNull()
            .Where(name => !name.StartsWith(".byok/", StringComparison.Ordinal)).ShouldBe(names, ignoreOrder: true);
        foreach (var name in names)
        {
            (await scene.ReadAsync(store, name)).ShouldBe($"of {name}");
        }

        (await scene.ListSharedAsync("")).ShouldBeEmpty();
        (await tenant.BindingAsync())!.Data!["prefix"].ShouldBe("");
        await scene.PutSharedAsync("a.txt", "no fence stands");
    }

    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_what_is_archived_is_named_at_once_and_the_move_goes_on_when_it_is_mended() =>
        MendAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_what_is_archived_is_named_at_once_and_the_move_goes_on_when_it_is_mended() =>
        MendAsync(new AzureScene());

    [Fact(Timeout = LastResort.Story)]
    public async Task On_AWS_where_a_website_leads_goes_along()
    {
        var scene = new AwsScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        await scene.PutSharedAsync("acme/a", "one");
        await scene.PutRedirectAsync("acme/old", "/acme/a");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var place = (await tenant.UntilReadyAsync()).Status!.Location!;
        (await scene.RedirectOfAsync(place, "acme/old")).ShouldBe("/acme/a");
        (await scene.RedirectOfAsync(place, "acme/a")).ShouldBeNullOrEmpty();
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
    }

    private static async Task MendAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        await scene.PutSharedAsync("acme/a.txt", "one");
        foreach (var number in Enumerable.Range(0, 5))
        {
            await scene.ArchiveSharedAsync($"acme/cold/{number}");
        }

        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();

        var refused = await tenant.UntilAsync(store => TenantLife.SaysOf(store, "BulkCopied", "ObjectsRefused"));
        TenantLife.Is(refused, "Stalled", "True").ShouldBeTrue();
        var told = Conditions.Find(refused.Status!.Conditions, "BulkCopied")!.Message;
        told.ShouldContain("5 objects can't be copied");
        told.ShouldContain("'acme/cold/0'");
        told.ShouldContain("restore it");
        (await scene.ListAsync(refused.Status.Location!, "acme/cold/")).ShouldNotBeNull().ShouldBeEmpty();
        await scene.PutSharedAsync("acme/b.txt", "no fence stands");

        foreach (var number in Enumerable.Range(0, 5))
        {
            await scene.PutSharedAsync($"acme/cold/{number}", "written anew");
        }

        await tenant.LookAsync();
        var place = (await tenant.UntilReadyAsync()).Status!.Location!;
        (await scene.ReadAsync(place, "acme/cold/4")).ShouldBe("written anew");
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
    }

    private static string[] Planes =>
        [.. Enumerable.Range(0, 8)
            .SelectMany(number =>
                (string[])[$"acme/\uFF08{number}", $"acme/\U0001F600{number}", $"acme/\uE000/{number}",
                    $"acme/\U00010000/{number}"])];

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
