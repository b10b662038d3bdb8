using System.Globalization;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>The quick start as a guest: on a cluster that is somebody's, it takes nobody's names and leaves
/// nothing.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class QuickstartTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private const string Mark = "byok.dev/quickstart";
    private const int Interrupted = 130;

    [Fact]
    public async Task It_tells_its_whole_story_and_takes_everything_away_again()
    {
        await using var told = await StartAsync();
        (await told.ExitCodeAsync()).ShouldBe(0, told.Log);
        told.Log.ShouldContain("without one, nothing begins");
        (await NamesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Interrupted_it_takes_everything_away_and_what_a_killed_one_left_goes_with_the_next()
    {
        await using (var killed = await StartAsync())
        {
            await killed.SaysAsync("without one, nothing begins");
            await killed.KillAsync();
        }

        (await NamesAsync()).ShouldNotBeEmpty();
        ChildProcess? next = null;
        try
        {
            // Until the lease of the killed one has run out it may be running still, for all that anybody can see.
            await Until.TrueAsync("the next run begins", async () =>
            {
                next = await StartAsync();
                await Until.TrueAsync("it begins or refuses", () => Task.FromResult(
                    next.HasExited || next.Log.Contains("without one, nothing begins", StringComparison.Ordinal)));
                if (!next.HasExited)
                {
                    return true;
                }

                next.Log.ShouldContain("another quick start runs on this cluster, or ended within the last");
                await next.DisposeAsync();
                return false;
            });
            (await next!.EndAsync()).ShouldBe(Interrupted, next.Log);
        }
        finally
        {
            await (next?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        (await NamesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Beside_an_operator_it_refuses_before_it_makes_anything()
    {
        await using var space = await cluster.NamespaceAsync("installed");
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
            CultureInfo.InvariantCulture);
        await cluster.Administrator.ApplyAsync($$"""
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: byok-operator, namespace: {{space.Name}}}
            spec: {holderIdentity: replica-1, leaseDurationSeconds: 3600, renewTime: "{{now}}"}
            """);

        await using var refused = await StartAsync();
        (await refused.ExitCodeAsync()).ShouldBe(1, refused.Log);
        await cluster.Administrator.RunAsync("-n", space.Name, "delete", "lease", "byok-operator");
        refused.Log.ShouldContain($"an operator runs in the namespace {space.Name} (replica-1 holds its lease)");
        (await NamesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_namespace_that_is_somebody_s_is_not_used_and_stays()
    {
        await using var space = await cluster.NamespaceAsync("theirs");
        await cluster.Administrator.RunAsync("label", "namespace", space.Name, $"{Mark}=byok-quickstart-00000000");
        await using var refused = await StartAsync("--namespace", space.Name);
        (await refused.ExitCodeAsync()).ShouldBe(1, refused.Log);
        refused.Log.ShouldContain($"a Tenant {space.Name} is there already");
        await cluster.Administrator.RunAsync("delete", "tenant", space.Name);
        await using var again = await StartAsync("--namespace", space.Name);
        (await again.ExitCodeAsync()).ShouldBe(1, again.Log);
        again.Log.ShouldContain($"the namespace {space.Name} is there already");
        await cluster.Administrator.RunAsync("label", "namespace", space.Name, $"{Mark}-");
        (await NamesAsync()).ShouldBeEmpty();
        (await cluster.Administrator.GetAsync("namespace", space.Name))["metadata"]!["deletionTimestamp"]
            .ShouldBeNull();
    }

    /// <summary>The operators of other tests were killed, and their lease may say for a while that one runs.</summary>
    private async Task<ChildProcess> StartAsync(params string[] arguments)
    {
        await cluster.Administrator.RunAsync("-n", OperatorManifests.Namespace, "delete", "lease", "byok-operator",
            "--ignore-not-found");
        return Programs.StartQuickstart(["--kubeconfig", RealCluster.Kubeconfig, .. arguments]);
    }

    /// <summary>What runs of the quick start made, and is not going yet.</summary>
    private async Task<IReadOnlyList<string>> NamesAsync() =>
        [.. (await cluster.Administrator.GetAsync("namespaces,tenants", "-l", Mark))["items"]!.AsArray()
            .Where(one => one!["metadata"]!["deletionTimestamp"] is null)
            .Select(one => $"{one!["kind"]} {one["metadata"]!["name"]}")];
}
