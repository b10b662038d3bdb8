using Shouldly;
using Xunit;

namespace Cluster.Tests.Containers;

/// <summary>An engine that is not there, or half there, is told in one sentence within a bound.</summary>
public sealed class ContainerClusterTests
{
    private const string Image = "registry.example/k3s:v0";

    /// <summary>What is awaited here never comes, so no machine is too slow for it.</summary>
    private static readonly ContainerSettings soon =
        new(Image) { Answer = TimeSpan.FromSeconds(30), Start = TimeSpan.FromSeconds(30) };

    private static readonly TimeSpan atOnce = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData("unix:///nowhere/docker.sock", 
        "no container engine answers at unix:///nowhere/docker.sock: there is no such socket")]
    [InlineData("tcp://127.0.0.1:1", "no container engine answers at tcp://127.0.0.1:1/: Connection refused")]
    [InlineData("carrier-pigeon://loft", "no container engine answers at carrier-pigeon://loft/: ")]
    public async Task No_engine_answers(string address, string sentence) =>
        (await WhyAsync(new(new Uri(address)), soon)).ShouldStartWith(sentence);

    [Fact]
    public async Task An_engine_that_takes_the_call_and_says_nothing_is_not_waited_for()
    {
        await using var engine = await BentEngine.StartAsync(isMute: true);
        (await WhyAsync(new(engine.Address), soon with { Answer = atOnce })).ShouldBe(
            $"the container engine at {engine.Address} did not answer within 0.2 s");
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_named_with_what_the_engine_says()
    {
        await using var engine = await BentEngine.StartAsync(BentEngine.OfflineAsync);
        var why = await WhyAsync(new(engine.Address), soon);
        why.ShouldBe($"the container engine at {engine.Address} has no image {Image}, and can't get it: "
            + "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host");
        engine.Asked.ShouldNotContain(path => path.EndsWith("/containers/create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pull_that_never_ends_is_left()
    {
        await using var engine = await BentEngine.StartAsync(BentEngine.SilentAsync);
        (await WhyAsync(new(engine.Address), soon with { Start = TimeSpan.FromSeconds(1) })).ShouldBe(
            $"the container engine at {engine.Address} has no image {Image}, and can't get it: not within 1 s");
    }

    [Theory]
    [InlineData(null, "unix:///var/run/docker.sock")]
    [InlineData("", "unix:///var/run/docker.sock")]
    [InlineData("unix:///run/user/7/podman.sock", "unix:///run/user/7/podman.sock")]
    public void An_engine_is_where_DOCKER_HOST_says_or_at_dockers_own_socket(string? variable, string address) =>
        ContainerEngine.Named(name => name == "DOCKER_HOST" ? variable : null).ToString().ShouldBe(address);

    private static async Task<string> WhyAsync(ContainerEngine engine, ContainerSettings settings) =>
        (await ContainerCluster.StartAsync(engine, settings)).ShouldBeOfType<ContainerOffer.Missing>().Why;
}
