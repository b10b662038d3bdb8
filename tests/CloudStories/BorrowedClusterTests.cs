using FakeApiServer;
using Kube.Client;
using Quickstart;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>What the quick start finds missing on somebody's cluster, before it makes anything.</summary>
public sealed class BorrowedClusterTests
{
    [Fact]
    public async Task A_cluster_without_the_definitions_is_told_what_to_apply()
    {
        await using var server =
            await FakeApiServerHost.StartAsync(cancellation: TestContext.Current.CancellationToken);
        using var kube = new KubeClient(KubeConfig.Parse(server.Kubeconfig));
        (await new BorrowedCluster(kube, TimeProvider.System).PrepareAsync()
            .ShouldThrowAsync<InvalidOperationException>()).Message
            .ShouldBe("the cluster does not know the kind Tenant: kubectl apply --server-side -f crds/");
    }

    [Fact]
    public void Two_runs_have_no_name_in_common()
    {
        using var kube = new KubeClient(KubeConfig.Parse(
            "{apiVersion: v1, kind: Config, clusters: [{name: a, cluster: {server: 'http://127.0.0.1:1'}}], "
                + "contexts: [{name: a, context: {cluster: a}}], current-context: a}"));
        BorrowedCluster one = new(kube, TimeProvider.System), other = new(kube, TimeProvider.System);
        one.Run.ShouldNotBe(other.Run);
        one.SystemNamespace.ShouldStartWith(one.Run);
    }
}
