using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A platform that watches the operator by a real Prometheus: what goes wrong in the cloud fires, what is
/// mended resolves, and the dashboard shows all of it.</summary>
[Trait("Server", "prometheus")]
public sealed class WatchedStories(ITestOutputHelper output)
{
    private const string Owner = "byok.dev/owner";

    [Fact]
    public async Task What_goes_wrong_fires_and_resolves_and_no_panel_of_the_dashboard_is_empty()
    {
        var port = LoopbackPort.Free();
        ChildProcess? operating = null;
        await using var tenant = await Tenant.MoveInWithAsync(stage =>
        {
            var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-watched-").FullName, "kubeconfig");
            File.WriteAllText(kubeconfig, stage.Server!.KubeconfigFor(Stage.OperatorAccount));
            stage.StartNode(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
            operating = StageOperator.StartAt(stage, kubeconfig, port);
        });
        await using var process = operating!;
        await using var prometheus = await PrometheusServer.StartAsync(port, Stage.SystemNamespace);

        await tenant.PutAsync("acme/a", "a");
        await tenant.ApplyKeyAsync(maxStaleness: "20s");
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        var uid = (await tenant.StoreAsync()).Metadata.Uid!;
        await UntilAsync(prometheus, "nothing fires while all is well",
            firing => firing.Count == 0 ? null : string.Join(", ", firing));

        tenant.Cloud.KmsUnreachable = true;
        await UntilAsync(prometheus, "ByokKeyUnproved",
            firing => firing.Contains("ByokKeyUnproved") ? null : "not yet");
        tenant.Cloud.KmsUnreachable = false;
        await UntilAsync(prometheus, "it resolves", firing => firing.Contains("ByokKeyUnproved") ? "still" : null);

        await tenant.TagAsync(bucket, Owner, "somebody-else");
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await UntilAsync(prometheus, "ByokClosingHeldUp",
            firing => firing.Contains("ByokClosingHeldUp") ? null : "not yet");
        await tenant.TagAsync(bucket, Owner, uid);
        await tenant.UntilClosedAsync();
        await UntilAsync(prometheus, "it resolves", firing => firing.Contains("ByokClosingHeldUp") ? "still" : null);
        await ShownAsync(prometheus);
    }

    /// <summary>Of the dashboard, with its variables filled in.</summary>
    private async Task ShownAsync(PrometheusServer prometheus)
    {
        var dashboard = JsonNode.Parse(
            await File.ReadAllTextAsync(Repository.PathTo("charts", "byok-operator", "files", "dashboard.json")))!;
        var queries = dashboard["panels"]!.AsArray().Where(panel => (string?)panel!["type"] != "row")
            .SelectMany(panel =>
                panel!["targets"]!.AsArray()
                    .Select(target => (Title: (string)panel["title"]!, Expression: (string)target!["expr"]!))).ToList();
        foreach (var (title, expression) in queries)
        {
            var query = expression.Replace("$namespace", Stage.SystemNamespace, StringComparison.Ordinal)
                .Replace("$__rate_interval", "10m", StringComparison.Ordinal);
            await Until.HoldsAsync($"{title}: {query}",
                async () => (await prometheus.QueryAsync(query)).Count > 0 ? null : "empty");
        }

        output.WriteLine($"{queries.Count} queries of the dashboard, none empty");
        queries.Count.ShouldBeGreaterThan(25);
    }

    private static Task UntilAsync(
        PrometheusServer prometheus, string what, Func<IReadOnlySet<string>, string?> judge) =>
        Until.HoldsAsync(what, async () => judge(await prometheus.FiringAsync()));
}
