using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

/// <summary>Watches over a socket, on bad days.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private FakeApiServerHost server = null!;
    private KubeClient client = null!;
    private KubeApi<ConfigMap> configs = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServerHost.StartAsync(bookmarkInterval: TimeSpan.FromMilliseconds(20),
            cancellation: Cancellation);
        client = Client(new KubeClientOptions());
        configs = client.Api<ConfigMap>();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_version_that_was_forgotten_is_expired()
    {
        await ApplyAsync("1");
        await ApplyAsync("2");
        server.Compact();

        (await Should.ThrowAsync<KubeException>(() => ReadAsync(configs, "1"))).Status.IsExpired.ShouldBeTrue();
    }

    [Fact]
    public async Task A_page_of_a_version_that_was_forgotten_is_expired()
    {
        await ApplyAsync("1", "a");
        await ApplyAsync("1", "b");
        var first = await configs.ListPageAsync(new Selection("team"), null, Cancellation, new PageSize(1));
        await ApplyAsync("2", "b");
        server.Compact();

        var expired = await Should.ThrowAsync<KubeException>(() =>
            configs.ListPageAsync(new Selection("team"), first.Continue, Cancellation, new PageSize(1)));

        expired.Status.IsExpired.ShouldBeTrue();
    }

    [Fact]
    public async Task A_watch_that_expires_while_it_is_open_says_so() =>
        (await WatchUntilFailureAsync(server.Faults.ExpireWatches)).Status.IsExpired.ShouldBeTrue();

    [Fact]
    public async Task A_connection_that_breaks_is_a_failure_and_not_an_end() =>
        (await WatchUntilFailureAsync(server.Faults.DropWatches)).Status.IsUnreachable.ShouldBeTrue();

    [Fact]
    public async Task A_peer_that_says_nothing_more_is_found_after_the_server_timeout_and_its_margin()
    {
        using var impatient = Client(
            new KubeClientOptions
            {
                WatchServerTimeout = TimeSpan.FromMilliseconds(50),
                WatchMargin = TimeSpan.FromMilliseconds(50),
            });
        server.Faults.FreezeWatches = true;

        var silent = await Should.ThrowAsync<KubeException>(() => ReadAsync(impatient.Api<ConfigMap>(), "1"));

        silent.Status.IsUnreachable.ShouldBeTrue();
        silent.Message.ShouldContain("no answer in time");
    }

    [Fact]
    public void Blindness_lasts_at_most_45_seconds()
    {
        var options = new KubeClientOptions();

        (options.WatchServerTimeout + options.WatchMargin).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_just_ends_and_goes_on_where_a_bookmark_left_it()
    {
        using var brief = Client(new KubeClientOptions { WatchServerTimeout = TimeSpan.FromSeconds(1) });
        await ApplyAsync("1");
        await client.Api<Lease>()
            .CreateAsync(new() { Metadata = new() { Name = "elsewhere", Namespace = "team" } }, Cancellation);

        var seen = await ReadAsync(brief.Api<ConfigMap>(), "2");

        var last = seen.ShouldNotBeNull()[^1].ShouldBeOfType<WatchEvent<ConfigMap>.Bookmark>();
        server.Compact();
        await ApplyAsync("2");
        var next = await FirstAsync(configs, last.ResourceVersion);
        next.ShouldBeOfType<WatchEvent<ConfigMap>.Changed>().Resource.Data!["k"].ShouldBe("2");
    }

    [Fact]
    public async Task A_line_that_is_too_long_ends_the_watch_and_says_that_it_is_in_the_way()
    {
        using var narrow = Client(new KubeClientOptions { MaxLineBytes = 1000 });
        await ApplyAsync(new string('x', 2000));

        var failure = await Should.ThrowAsync<KubeException>(() => ReadAsync(narrow.Api<ConfigMap>(), "1"));

        failure.Message.ShouldContain("longer than 1000 bytes");
        failure.Status.IsTooLong.ShouldBeTrue();
    }

    [Fact]
    public async Task A_list_that_is_too_long_is_not_read_to_its_end()
    {
        using var narrow = Client(new KubeClientOptions { MaxBodyBytes = 1000 });
        await ApplyAsync(new string('x', 2000));

        (await Should.ThrowAsync<KubeException>(() =>
            narrow.Api<ConfigMap>().ListPageAsync(new Selection("team"), null, Cancellation)))
            .Message.ShouldContain("longer than 1000 bytes");
    }

    [Fact]
    public async Task Pages_that_are_too_long_are_asked_for_with_fewer_objects_until_they_fit()
    {
        using var narrow = Client(new KubeClientOptions { MaxBodyBytes = 5000 });
        for (var each = 0; each < 20; each++)
        {
            await ApplyAsync(new string('x', 2000), $"large-{each:d2}");
        }

        List<int> pages = [];
        await foreach (var page in narrow.Api<ConfigMap>().ListAsync(new Selection("team"), Cancellation))
        {
            pages.Add(page.Items.Count);
        }

        pages.Sum().ShouldBe(20);
        pages.ShouldAllBe(count => count == 1, "500, 62, 7 and then 1 are asked for");
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_a_cancellation()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watch = configs.WatchAsync(new Selection("team"), "1", stop.Token).GetAsyncEnumerator(stop.Token);
        (await watch.MoveNextAsync()).ShouldBeTrue();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            while (await watch.MoveNextAsync())
            {
                // bookmarks that were on their way
            }
        });
    }

    private KubeClient Client(KubeClientOptions options) => new(KubeConfig.Parse(server.Kubeconfig), options);

    private Task<ConfigMap> ApplyAsync(string value, string name = "a") =>
        configs.ApplyAsync(
            new()
            {
                Metadata = new() { Name = name, Namespace = "team" },
                Data = new Dictionary<string, string> { ["k"] = value },
            }, "us", Cancellation);

    private static async Task<List<WatchEvent<ConfigMap>>?> ReadAsync(KubeApi<ConfigMap> api, string from)
    {
        var seen = new List<WatchEvent<ConfigMap>>();
        await foreach (var each in api.WatchAsync(new Selection("team"), from, Cancellation))
        {
            seen.Add(each);
        }

        return seen;
    }

    private static async Task<WatchEvent<ConfigMap>?> FirstAsync(KubeApi<ConfigMap> api, string from)
    {
        await foreach (var each in api.WatchAsync(new Selection("team"), from, Cancellation))
        {
            return each;
        }

        return null;
    }

    private async Task<KubeException> WatchUntilFailureAsync(Action fault)
    {
        await using var watch = configs.WatchAsync(new Selection("team"), "1", Cancellation)
            .GetAsyncEnumerator(Cancellation);
        (await watch.MoveNextAsync()).ShouldBeTrue();
        fault();
        return await Should.ThrowAsync<KubeException>(async () =>
        {
            while (await watch.MoveNextAsync())
            {
                // bookmarks that were on their way
            }
        });
    }
}
