using System.Text.Json.Nodes;
using Kube.Client;
using Kube.Core.Kinds;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

/// <summary>What the client relies on in an apiserver.</summary>
public sealed class ConformanceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task What_is_created_can_be_read_and_only_once_created(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        var wanted = new ConfigMap { Metadata = Meta(server, "a"), Data = Map("k", "v") };

        var created = await configs.CreateAsync(wanted, Cancellation);

        (await configs.GetAsync(created.Metadata.Key, Cancellation)).Data!["k"].ShouldBe("v");
        created.Metadata.Uid.ShouldNotBeNullOrEmpty();
        created.Metadata.CreationTimestamp.ShouldNotBeNull();
        var again = await Should.ThrowAsync<KubeException>(() => configs.CreateAsync(wanted, Cancellation));
        again.Status.IsAlreadyExists.ShouldBeTrue();
        again.Status.IsConflict.ShouldBeFalse();
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task What_is_not_there_is_null_for_try_and_not_found_for_get(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        var key = new ObjectKey(server.Namespace, "nobody");

        (await configs.TryGetAsync(key, Cancellation)).ShouldBeNull();
        (await Should.ThrowAsync<KubeException>(() => configs.GetAsync(key, Cancellation))).Status.IsNotFound
            .ShouldBeTrue();
        (await configs.DeleteAsync(key, null, Cancellation)).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_field_that_another_manager_owns_is_a_conflict_until_forced(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        ConfigMap With(string value) => new() { Metadata = Meta(server, "a"), Data = Map("k", value) };
        await configs.ApplyAsync(With("ours"), "us", Cancellation);

        var refused = await Should.ThrowAsync<KubeException>(() =>
            configs.ApplyAsync(With("theirs"), "them", Cancellation, force: false));
        var same = await configs.ApplyAsync(With("ours"), "them", Cancellation, force: false);
        var forced = await configs.ApplyAsync(With("theirs"), "them", Cancellation, force: true);

        refused.Status.IsConflict.ShouldBeTrue();
        refused.Status.Causes.ShouldHaveSingleItem().Field.ShouldBe(".data.k");
        same.Data!["k"].ShouldBe("ours");
        forced.Data!["k"].ShouldBe("theirs");
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_field_no_longer_applied_goes_and_those_of_others_stay(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        await configs.ApplyAsync(new() { Metadata = Meta(server, "a"), Data = Map("ours", "1", "both", "1") }, "us",
            Cancellation);
        await configs.ApplyAsync(new() { Metadata = Meta(server, "a"), Data = Map("theirs", "1", "both", "1") }, "them",
            Cancellation);

        var after = await configs.ApplyAsync(new() { Metadata = Meta(server, "a") with { Labels = Map("x", "y") } },
            "us", Cancellation);

        after.Data!.Keys.Order().ShouldBe(["both", "theirs"]);
        after.Metadata.Labels!["x"].ShouldBe("y");
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task Applying_the_same_again_changes_nothing(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        var wanted = new ConfigMap { Metadata = Meta(server, "a"), Data = Map("k", "v") };
        var first = await configs.ApplyAsync(wanted, "us", Cancellation);

        var second = await configs.ApplyAsync(wanted, "us", Cancellation);

        second.Metadata.ResourceVersion.ShouldBe(first.Metadata.ResourceVersion);
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task An_old_resource_version_in_an_apply_is_a_conflict(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        var first =
            await configs.ApplyAsync(new() { Metadata = Meta(server, "a"), Data = Map("k", "1") }, "us", Cancellation);
        await configs.ApplyAsync(new() { Metadata = Meta(server, "a"), Data = Map("k", "2") }, "us", Cancellation);

        var late = new ConfigMap
        {
            Metadata = Meta(server, "a") with { ResourceVersion = first.Metadata.ResourceVersion },
            Data = Map("k", "3"),
        };
        var refused = await Should.ThrowAsync<KubeException>(() => configs.ApplyAsync(late, "us", Cancellation));

        refused.Status.IsConflict.ShouldBeTrue();
        (await configs.GetAsync(first.Metadata.Key, Cancellation)).Data!["k"].ShouldBe("2");
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_finalizer_comes_and_goes_without_touching_foreign_ones(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        var made = await configs.CreateAsync(new() { Metadata = Meta(server, "a") }, Cancellation);
        var key = made.Metadata.Key;

        var ours = await configs.PatchJsonAsync(key, Finalizers.Adding(made.Metadata, "byok.dev/ours")!, Cancellation);
        var both =
            await configs.PatchJsonAsync(key, Finalizers.Adding(ours.Metadata, "example.com/theirs")!, Cancellation);
        await configs.DeleteAsync(key, null, Cancellation);
        var deleting = await configs.GetAsync(key, Cancellation);
        var theirs =
            await configs.PatchJsonAsync(key, Finalizers.Removing(deleting.Metadata, "byok.dev/ours")!, Cancellation);
        var late = await Should.ThrowAsync<KubeException>(
            () => configs.PatchJsonAsync(key, Finalizers.Adding(theirs.Metadata, "byok.dev/late")!, Cancellation));
        await configs.PatchJsonAsync(key, Finalizers.Removing(theirs.Metadata, "example.com/theirs")!, Cancellation);

        both.Metadata.Finalizers.ShouldBe(["byok.dev/ours", "example.com/theirs"]);
        deleting.Metadata.DeletionTimestamp.ShouldNotBeNull();
        theirs.Metadata.Finalizers.ShouldBe(["example.com/theirs"]);
        late.Status.IsInvalid.ShouldBeTrue();
        (await configs.TryGetAsync(key, Cancellation)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_finalizer_patch_computed_from_an_old_list_is_refused_whole(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        var made = await configs.CreateAsync(new() { Metadata = Meta(server, "a") }, Cancellation);
        await configs.PatchJsonAsync(made.Metadata.Key, Finalizers.Adding(made.Metadata, "example.com/theirs")!,
            Cancellation);

        var refused = await Should.ThrowAsync<KubeException>(
            () =>
                configs.PatchJsonAsync(made.Metadata.Key, Finalizers.Adding(made.Metadata, "byok.dev/ours")!,
                    Cancellation));

        refused.Status.IsInvalid.ShouldBeTrue();
        var left = await configs.GetAsync(made.Metadata.Key, Cancellation);
        left.Metadata.Finalizers.ShouldBe(["example.com/theirs"]);
        await configs.PatchJsonAsync(made.Metadata.Key, Finalizers.Removing(left.Metadata, "example.com/theirs")!,
            Cancellation);
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_delete_bound_to_another_object_or_version_is_refused(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        var made = await configs.CreateAsync(new() { Metadata = Meta(server, "a") }, Cancellation);
        var now = await configs.PatchMergeAsync(made.Metadata.Key,
            new JsonObject { ["data"] = new JsonObject { ["k"] = "v" } }, Cancellation);

        var otherObject = await Should.ThrowAsync<KubeException>(
            () =>
                configs.DeleteAsync(made.Metadata.Key, new DeleteOptions { Uid = Guid.NewGuid().ToString() },
                    Cancellation));
        var oldVersion = await Should.ThrowAsync<KubeException>(
            () =>
                configs.DeleteAsync(made.Metadata.Key,
                    new DeleteOptions { ResourceVersion = made.Metadata.ResourceVersion }, Cancellation));
        var right = await configs.DeleteAsync(
            made.Metadata.Key,
            new DeleteOptions { Uid = now.Metadata.Uid, ResourceVersion = now.Metadata.ResourceVersion }, Cancellation);

        otherObject.Status.IsConflict.ShouldBeTrue();
        oldVersion.Status.IsConflict.ShouldBeTrue();
        right.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_paged_list_shows_one_moment_while_things_change(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        for (var i = 0; i < 7; i++)
        {
            await configs.CreateAsync(new() { Metadata = Meta(server, $"c{i}") with { Labels = Map("paged", "yes") } },
                Cancellation);
        }

        var seen = new List<string>();
        var versions = new HashSet<string>();
        await foreach (var page
            in configs.ListAsync(new Selection(server.Namespace, "paged=yes"), Cancellation, limit: 3))
        {
            seen.AddRange(page.Items.Select(item => item.Metadata.Name));
            versions.Add(page.ResourceVersion);
            await configs.DeleteAsync(new ObjectKey(server.Namespace, "c6"), null, Cancellation);
            await configs.ApplyAsync(new() { Metadata = Meta(server, "c5a") with { Labels = Map("paged", "yes") } },
                "us", Cancellation);
        }

        seen.ShouldBe(["c0", "c1", "c2", "c3", "c4", "c5", "c6"]);
        versions.Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_watch_tells_what_enters_changes_and_leaves_a_selection(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var configs = server.Client.Api<ConfigMap>();
        var selection = new Selection(server.Namespace, "seen=yes");
        var start = await configs.ListPageAsync(selection, null, Cancellation);
        ConfigMap Labelled(string value, string data) =>
            new() { Metadata = Meta(server, "a") with { Labels = Map("seen", value) }, Data = Map("k", data) };

        await configs.ApplyAsync(Labelled("no", "0"), "us", Cancellation);
        await configs.ApplyAsync(Labelled("yes", "1"), "us", Cancellation);
        await configs.ApplyAsync(Labelled("yes", "2"), "us", Cancellation);
        await configs.ApplyAsync(Labelled("no", "3"), "us", Cancellation);

        var told = new List<string>();
        await foreach (var seen in configs.WatchAsync(selection, start.ResourceVersion, Cancellation))
        {
            told.Add(seen switch
            {
                WatchEvent<ConfigMap>.Changed changed => "changed " + changed.Resource.Data!["k"],
                WatchEvent<ConfigMap>.Deleted => "deleted",
                _ => "bookmark",
            });
            if (told[^1] == "deleted")
            {
                break;
            }
        }

        told.Where(line => line != "bookmark").ShouldBe(["changed 1", "changed 2", "deleted"]);
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_metadata_view_carries_no_content(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        await server.Client.Api<Secret>().CreateAsync(
            new()
            {
                Metadata = Meta(server, "s") with { Labels = Map("a", "b") },
                Data = new Dictionary<string, byte[]> { ["password"] = [1, 2, 3] },
            }, Cancellation);
        var views = server.Client.Api<PartialObject<Secret>>();

        var page = await views.ListPageAsync(new Selection(server.Namespace, "a=b"), null, Cancellation);
        using var raw = KubeRequest.List<PartialObject<Secret>>(new Selection(server.Namespace, "a=b"));
        var text = System.Text.Encoding.UTF8.GetString((await server.Client.SendAsync(raw, Cancellation)).Span);

        page.Items.ShouldHaveSingleItem().Metadata.Labels!["a"].ShouldBe("b");
        text.ShouldNotContain("AQID"); // the bytes; field ownership does name the field
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task Status_and_the_rest_are_written_apart_and_only_the_rest_counts_as_a_generation(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var deployments = server.Client.Api<Job>();
        var job = new Job
        {
            Metadata = Meta(server, "j"),
            Spec = new()
            {
                Parallelism = 0,
                Template = new()
                {
                    Spec = new() { RestartPolicy = "Never", Containers = [new() { Name = "c", Image = "none" }] },
                },
            },
        };
        var made = await deployments.ApplyAsync(job with { Status = new() { Succeeded = 9 } }, "us", Cancellation);

        var told =
            await deployments.ApplyStatusAsync(made with { Status = new() { Active = 3 } }, "us-status", Cancellation);
        var scaled = await deployments.PatchMergeAsync(
            made.Metadata.Key,
            new JsonObject
            {
                ["spec"] = new JsonObject { ["parallelism"] = 1 },
                ["status"] = new JsonObject { ["active"] = 7 },
            }, Cancellation);

        (made.Status?.Succeeded ?? 0).ShouldBe(0);
        told.Status!.Active.ShouldBe(3);
        told.Spec.Parallelism.ShouldBe(0);
        scaled.Spec.Parallelism.ShouldBe(1);
        (scaled.Status?.Active ?? 0).ShouldNotBe(7);
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task Times_keep_their_precision(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var leases = server.Client.Api<Lease>();
        var renewed = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddMicroseconds(678901);

        var kept = await leases.CreateAsync(
            new() { Metadata = Meta(server, "l"), Spec = new() { HolderIdentity = "me", RenewTime = renewed } },
            Cancellation);

        kept.Spec.RenewTime.ShouldBe(renewed);
        kept.Spec.HolderIdentity.ShouldBe("me");
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task Discovery_knows_what_is_offered_and_what_is_not(string name)
    {
        await using var server = await ApiServer.StartAsync(name);

        (await server.Client.HasResourceAsync("", "v1", "secrets", Cancellation)).ShouldBeTrue();
        (await server.Client.HasResourceAsync("batch", "v1", "jobs", Cancellation)).ShouldBeTrue();
        (await server.Client.HasResourceAsync("batch", "v1", "marbles", Cancellation)).ShouldBeFalse();
        (await server.Client.HasResourceAsync("nobody.example.com", "v1", "marbles", Cancellation)).ShouldBeFalse();
        (await server.Client.GetServerVersionAsync(Cancellation)).GitVersion.ShouldStartWith("v1.");
    }

    private static ObjectMeta Meta(ApiServer server, string name) =>
        new() { Name = name, Namespace = server.Namespace };

    private static Dictionary<string, string> Map(params string[] pairs) =>
        pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
}
