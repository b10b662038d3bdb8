using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

/// <summary>Writes whose effect is done and whose answer never comes, over a socket.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private static readonly ConfigMap wanted = new()
    {
        Metadata = new() { Name = "a", Namespace = "team" },
        Data = new Dictionary<string, string> { ["k"] = "v" },
    };
    private FakeApiServerHost server = null!;
    private KubeClient client = null!;
    private KubeApi<ConfigMap> configs = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServerHost.StartAsync(cancellation: Cancellation);
        client = new KubeClient(KubeConfig.Parse(server.Kubeconfig));
        configs = client.Api<ConfigMap>();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_create_is_sent_once_and_its_caller_is_told_that_nobody_knows()
    {
        server.Faults.LoseAnswers(1);

        var lost = await Should.ThrowAsync<KubeException>(() => configs.CreateAsync(wanted, Cancellation));

        lost.Status.IsUnreachable.ShouldBeTrue();
        server.Counts["POST configmaps"].ShouldBe(1);
        (await configs.TryGetAsync(wanted.Metadata.Key, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_apply_is_sent_again_and_finds_its_own_work()
    {
        server.Faults.LoseAnswers(1);

        var applied = await configs.ApplyAsync(wanted, "us", Cancellation);

        applied.Data!["k"].ShouldBe("v");
        server.Counts["PATCH configmaps"].ShouldBe(2);
    }

    [Fact]
    public async Task A_delete_bound_to_one_object_is_sent_again_and_finds_it_gone()
    {
        var made = await configs.CreateAsync(wanted, Cancellation);
        server.Faults.LoseAnswers(1);

        var deleted = await configs.DeleteAsync(made.Metadata.Key, new() { Uid = made.Metadata.Uid }, Cancellation);

        deleted.ShouldBeFalse("the second attempt met nothing");
        (await configs.TryGetAsync(made.Metadata.Key, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_delete_by_name_alone_is_sent_once()
    {
        await configs.CreateAsync(wanted, Cancellation);
        server.Faults.LoseAnswers(1);

        await Should.ThrowAsync<KubeException>(() => configs.DeleteAsync(wanted.Metadata.Key, null, Cancellation));

        server.Counts["DELETE configmaps"].ShouldBe(1);
    }

    [Fact]
    public async Task A_page_that_takes_too_long_is_asked_for_again_and_then_given_up()
    {
        // Long enough that a request always gets there:
        // on a busy machine one of 50 ms was given up before it had been sent.
        using var impatient = new KubeClient(
            KubeConfig.Parse(server.Kubeconfig),
            new KubeClientOptions { RequestTimeout = TimeSpan.FromSeconds(2), MaxAttempts = 2 });
        server.Faults.PageDelay = TimeSpan.FromMinutes(1);

        var late = await Should.ThrowAsync<KubeException>(() =>
            impatient.Api<ConfigMap>().ListPageAsync(Selection.Everything, null, Cancellation));

        late.Status.IsUnreachable.ShouldBeTrue();
        server.Counts["GET configmaps"].ShouldBe(2);
    }

    [Fact]
    public async Task A_credential_that_cannot_be_had_is_told_like_a_server_that_cannot_be_reached()
    {
        var connection = new KubeConnection
        {
            Host = "https://127.0.0.1:1",
            TokenProvider = new TokenFile("/nowhere/token", fallback: null),
        };
        using var nobody = new KubeClient(connection);

        var told = await Should.ThrowAsync<KubeException>(() =>
            nobody.Api<ConfigMap>().TryGetAsync(wanted.Metadata.Key, Cancellation));

        told.Status.IsUnreachable.ShouldBeTrue();
        told.Message.ShouldContain("/nowhere/token");
    }
}
