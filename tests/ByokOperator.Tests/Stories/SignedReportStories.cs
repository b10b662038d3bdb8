using System.Text.Json.Nodes;
using ByokOperator.Cluster;
using ByokOperator.Commands;
using ByokOperator.Reports.Verifying;
using ByokOperator.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>Reports of the running operator, kept by a person and by a sink,
/// and what becomes of one that a tenant edits.</summary>
public sealed class SignedReportStories
{
    private static readonly ObjectKey Report = new(Tenant.Namespace, StoreNames.ReportOf("store"));

    [Fact]
    public async Task Kept_reports_are_whole_and_one_that_a_tenant_edited_is_found()
    {
        await using var sink = await Sink.StartAsync();
        var kept = Directory.CreateTempSubdirectory("byok-kept-").FullName;
        var secretFile = Path.Combine(Directory.CreateTempSubdirectory("byok-secret-").FullName, "secret");
        await File.WriteAllTextAsync(secretFile, Sink.Secret, TestContext.Current.CancellationToken);
        await using var tenant = await Tenant.MoveInAsync(options =>
            options with { NotificationSink = sink.Address, NotificationSecretFile = secretFile });
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        for (var time = 0; time < 2; time++)
        {
            (await RunAsync(tenant, "report", $"{Tenant.Namespace}/store", "--save", kept)).Code.ShouldBe(0);
        }

        // The person asked for two of the reports; the sink hears of each.
        var last = Directory.EnumerateFiles(kept, "*.json").Select(file => JsonNode.Parse(File.ReadAllText(file))!)
            .Max(report => (int)report["chain"]!["sequence"]!);
        var heard = Directory.CreateTempSubdirectory("byok-heard-").FullName;
        for (var sequence = 1; sequence <= last; sequence++)
        {
            var data = (await sink.HeardAsync("dev.byok.store.reported.v1", sequence))["data"]!;
            await File.WriteAllTextAsync(Path.Combine(heard, $"{sequence}.json"), (string)data["report"]!,
                TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(heard, $"{sequence}.jws"), (string)data["reportSignature"]!,
                TestContext.Current.CancellationToken);
        }

        var (code, page, told) = await RunAsync(tenant, "report", "verify", heard);
        (code, told).ShouldBe((0, ""));
        page.ShouldContain($"{Tenant.Namespace}/store: reports 1 to {last} of chain ");

        // Offline, with the public half alone.
        var key = Path.Combine(Directory.CreateTempSubdirectory("byok-pem-").FullName, "key.pem");
        var published = await tenant.Stage.Kube.Api<ConfigMap>()
            .GetAsync(new ObjectKey(Quickstart.Stage.SystemNamespace, ReportKeys.PublicName), CancellationToken.None);
        await File.WriteAllTextAsync(key, published.Data!.Single().Value, TestContext.Current.CancellationToken);
        (await RunAsync(tenant, "report", "verify", kept, "--key", key)).Code.ShouldBe(0);

        File.Delete(Path.Combine(heard, "2.json"));
        File.Delete(Path.Combine(heard, "2.jws"));
        (code, _, told) = await RunAsync(tenant, "report", "verify", heard);
        (code, told.Contains("lacks report 2", StringComparison.Ordinal)).ShouldBe(((int)FindingKind.Gap, true), told);

        await EditAsync(tenant);
        var edited = Directory.CreateTempSubdirectory("byok-edited-").FullName;
        (await RunAsync(tenant, "report", $"{Tenant.Namespace}/store", "--wait", "0s", "--save", edited)).Code
            .ShouldBe(0);
        (code, page, told) = await RunAsync(tenant, "report", "verify", edited);
        code.ShouldBe((int)FindingKind.Edited);
        told.ShouldStartWith("byok-operator: Edited: ");
        page.ShouldContain("1 things are wrong");
        sink.Forged.ShouldBeEmpty();
    }

    /// <summary>A tenant with edit in its namespace says that its store is closed.</summary>
    private static async Task EditAsync(Tenant tenant)
    {
        var maps = tenant.Stage.Kube.Api<ConfigMap>();
        var report = JsonNode.Parse((await maps.GetAsync(Report, CancellationToken.None)).Data![ReportMap.Entry])!;
        report["observed"]!["availability"] = "Closed";
        await maps.PatchMergeAsync(Report,
            new JsonObject { ["data"] = new JsonObject { [ReportMap.Entry] = report.ToJsonString() } },
            CancellationToken.None);
    }

    private static async Task<(int Code, string Page, string Told)> RunAsync(Tenant tenant, params string[] words)
    {
        var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-verify-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, tenant.Stage.Server!.Kubeconfig,
            TestContext.Current.CancellationToken);
        using StringWriter page = new(), told = new();
        var parsed = new System.CommandLine.RootCommand { ReportCommand.Create() }.Parse(
            [.. words, "--kubeconfig", kubeconfig], CommandLine.Parsing);
        var code = words[1] == "verify"
            ? await ReportVerifyCommand.ActAsync(parsed, page, told, TestContext.Current.CancellationToken)
            : await ReportCommand.ActAsync(parsed, page, told, TestContext.Current.CancellationToken);
        return (code, page.ToString(), told.ToString());
    }
}
