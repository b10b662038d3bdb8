using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Commands;
using ByokOperator.Stores;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

public sealed class ReportStories
{
    [Fact]
    public async Task A_closed_store_reports_that_it_is_shut_and_an_opened_one_that_it_is_open()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        var closed = await UntilReportAsync(tenant, report => (string?)report["expected"]!["availability"] == "Closed");
        ((string?)closed["expected"]!["closedReason"]).ShouldBe("KeyDisabled");
        ((DateTimeOffset?)closed["expected"]!["closedSince"]).ShouldNotBeNull();
        ((bool?)closed["observed"]!["denied"]).ShouldBe(true);
        ((bool?)closed["observed"]!["bindingStands"]).ShouldBe(false);
        closed["evidence"]!.AsArray().Select(call => (string?)call!["operation"]).ShouldContain("s3:GetBucketPolicy");
        closed["deviations"]!.AsArray().Select(deviation => (string?)deviation!["code"]).ShouldBe(["KeyRefused"]);
        closed["receipt"].ShouldBeNull("the receipt lies under the key that is refused");
        closed["unseen"]!.AsArray().Select(one => (string?)one!["field"]).ShouldContain("receipt");

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilReadyAsync();
        (await UntilReportAsync(tenant,
            report => (string?)report["expected"]!["availability"] == "Open"))["deviations"]!.AsArray().ShouldBeEmpty();
    }

    /// <summary>Who may edit ConfigMaps in the namespace tells the operator that it reported of the closed store
    /// already, at the end of all time.</summary>
    [Fact(Timeout = LastResort.Story)]
    public async Task A_report_that_somebody_dated_at_the_end_of_time_keeps_no_store_from_being_closed_and_told_of()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        var forged = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject
                {
                    [ReportMap.WrittenAtAnnotation] = "9999-12-31T23:59:59Z",
                    [ReportMap.AvailabilityAnnotation] = "Closed",
                },
            },
        };
        await tenant.Stage.Kube.Api<ConfigMap>()
            .PatchMergeAsync(new ObjectKey(Tenant.Namespace, StoreNames.ReportOf("store")), forged,
                CancellationToken.None);

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");

        await tenant.UntilClosedAsync();
        await UntilReportAsync(tenant, report => (string?)report["expected"]!["availability"] == "Closed");
    }

    [Fact]
    public async Task A_source_that_is_kept_as_asked_does_not_hold_back_Ready()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec =>
            spec with { Migration = spec.Migration with { KeepSourceFor = "1h" } });

        var store = await tenant.UntilReadyAsync();

        var retired = Conditions.Find(store.Status!.Conditions, "SourceRetired")!;
        (retired.Status, retired.Reason).ShouldBe(("False", "KeptAsAsked"));
        Conditions.Find(store.Status.Conditions, "Reconciling").ShouldBeNull();
        Conditions.Find(store.Status.Conditions, "Ready")!.Message.ShouldContain("keepSourceFor");
        (await tenant.ListAsync(Tenant.SharedBucket, "acme/")).ShouldBe(["acme/a.txt"]);
        await Should.ThrowAsync<Amazon.S3.AmazonS3Exception>(() =>
            tenant.PutAsync("acme/late.txt", "refused: the source stays fenced"));
        (await UntilReportAsync(tenant, _ => true))["deviations"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_asks_for_the_reports_of_a_store_a_tenant_and_all()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        var (code, one, _) = await AskedAsync(tenant, $"{Tenant.Namespace}/store");
        code.ShouldBe(0);
        ((string?)JsonNode.Parse(one)!["expected"]!["bucket"]).ShouldBe(bucket);
        (_, var table, _) = await AskedAsync(tenant, "--all", "-o", "table", "--wait", "0s");
        table.ShouldContain($"{Tenant.Namespace}/store");
        table.ShouldContain("Open");
        (_, var page, _) = await AskedAsync(tenant, "--tenant", Tenant.Namespace, "-o", "html");
        page.ShouldStartWith("<!doctype html>");
        page.ShouldContain(bucket);
        page.ShouldContain("No deviations.");

        (await StatusAsync(tenant)).ShouldBe($"""
            tenant {Tenant.Namespace}
            └─ namespace {Tenant.Namespace}
               └─ key key: Active, Usable
                  └─ store store: Open

            """);

        (code, page, var told) = await AskedAsync(tenant, $"{Tenant.Namespace}/none", "-o", "html");
        (code, page).ShouldBe((1, ""), "there is no such store");
        told.ShouldContain("none");
        foreach (var wrong
            in (string[][])[[], ["store"], ["a/b", "--all"], ["../b"], ["--all", "-o", "pdf"],
                ["--all", "--wait", "soon"], ["--tenant", "../x"]])
        {
            (code, page, told) = await AskedAsync(tenant, wrong);
            (code, page).ShouldBe((2, ""), string.Join(' ', wrong));
            told.ShouldStartWith("byok-operator: ");
        }
    }

    private static async Task<string> StatusAsync(Tenant tenant)
    {
        using StringWriter page = new(), told = new();
        var parsed = new System.CommandLine.RootCommand { StatusCommand.Create() }.Parse(
            ["status", "--kubeconfig", await KubeconfigAsync(tenant)], CommandLine.Parsing);
        (await StatusCommand.ActAsync(parsed, page, told, TestContext.Current.CancellationToken))
            .ShouldBe(0, told.ToString());
        return page.ToString();
    }

    private static async Task<string> KubeconfigAsync(Tenant tenant)
    {
        var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-report-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, tenant.Stage.Server!.Kubeconfig);
        return kubeconfig;
    }

    private static async Task<(int Code, string Page, string Told)> AskedAsync(Tenant tenant, params string[] words)
    {
        var kubeconfig = await KubeconfigAsync(tenant);
        using StringWriter page = new(), told = new();
        var parsed = new System.CommandLine.RootCommand { ReportCommand.Create() }.Parse(
            ["report", .. words, "--kubeconfig", kubeconfig], CommandLine.Parsing);
        var code = await ReportCommand.ActAsync(parsed, page, told, TestContext.Current.CancellationToken);
        File.Delete(kubeconfig);
        return (code, page.ToString(), told.ToString());
    }

    private static async Task<JsonNode> UntilReportAsync(Tenant tenant, Func<JsonNode, bool> holds)
    {
        for (var look = 0; look < 1_200; look++)
        {
            var map = await tenant.Stage.Kube.Api<ConfigMap>()
                .TryGetAsync(new ObjectKey(Tenant.Namespace, StoreNames.ReportOf("store")), CancellationToken.None);
            if (map?.Data?.GetValueOrDefault(ReportMap.Entry) is { } json && JsonNode.Parse(json) is { } report
                && holds(report))
            {
                return report;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("no such report was written");
    }
}
