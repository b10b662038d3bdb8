using Shouldly;
using Xunit;

namespace Cluster.Tests.Containers;

/// <summary>The first cluster that is there, unless one is insisted on; what is said where it is not there.</summary>
public sealed class ClusterChoiceTests
{
    private static readonly ContainerOffer stands =
        new ContainerOffer.Stands("/container", "k3s:v0", new MemoryStream());

    private static readonly ContainerOffer missing = new ContainerOffer.Missing("no container engine answers at A: B");

    private int started;

    [Theory]
    [InlineData(null)]
    [InlineData("k3s")]
    public async Task A_container_comes_first(string? wanted)
    {
        var chosen = await MakeAsync(stands, wanted, "/given");
        (chosen.Kubeconfig, chosen.Where, started).ShouldBe(("/container", "in a container of k3s:v0", 1));
        chosen.Container.ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_one_the_given_cluster_is_used_and_the_sentence_says_why()
    {
        var chosen = await MakeAsync(missing, null, "/given");
        (chosen.Kubeconfig, chosen.Container).ShouldBe(("/given", null));
        chosen.Where.ShouldBe("on the cluster that BYOK_TEST_KUBECONFIG names, since there is none in a container: "
            + "no container engine answers at A: B");
    }

    [Fact]
    public async Task Where_the_given_one_is_insisted_on_no_engine_is_asked() =>
        ((await MakeAsync(stands, "given", "/given")).Kubeconfig, started).ShouldBe(("/given", 0));

    [Theory]
    [InlineData(null, null, "there is no cluster to test on: no container engine answers at A: B; "
        + "BYOK_TEST_KUBECONFIG names none either; tests/run.sh builds one")]
    [InlineData("k3s", "/given", "BYOK_TEST_CLUSTER is k3s, and there is no such cluster: "
        + "no container engine answers at A: B")]
    [InlineData("given", null, "BYOK_TEST_CLUSTER is given, and there is no such cluster: "
        + "BYOK_TEST_KUBECONFIG names none")]
    [InlineData("kind", "/given", "BYOK_TEST_CLUSTER is 'kind': give k3s, given, or leave it out for the first that is "
        + "there")]
    public async Task What_is_not_there_is_told(string? wanted, string? given, string sentence) =>
        (await Should.ThrowAsync<InvalidOperationException>(() => MakeAsync(missing, wanted, given))).Message
            .ShouldBe(sentence);

    private Task<ChosenCluster> MakeAsync(ContainerOffer offer, string? wanted, string? given) =>
        ClusterChoice.MakeAsync(
            name => name switch { "BYOK_TEST_CLUSTER" => wanted, "BYOK_TEST_KUBECONFIG" => given, _ => null },
            () =>
            {
                started++;
                return Task.FromResult(offer);
            });
}
