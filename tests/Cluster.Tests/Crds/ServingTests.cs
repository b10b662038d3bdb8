using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Tests.Api;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Crds;

/// <summary>What the server makes of the definitions: defaults, status, the printed table, explain.</summary>
[Trait("Server", "crdserver")]
public sealed class ServingTests(CrdServer server) : IClassFixture<CrdServer>
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly Condition Ready = new()
    {
        Type = "Ready",
        Status = "True",
        Reason = "Observed",
        ObservedGeneration = 1,
        LastTransitionTime = Noon,
    };

    private readonly string space = $"serving-{Guid.NewGuid():n}";

    [Fact]
    public async Task The_defaults_of_the_server_are_those_of_the_records()
    {
        CrdServer.SkipWithoutServer();
        var key = (await ApplyGoodAsync("key-least")).Json.Deserialize(ApiJson.Default.TenantEncryptionKey)!;
        key.Spec.ShouldBe(new TenantEncryptionKeySpec { AwsKms = key.Spec.AwsKms });
        (await ApplyGoodAsync("key-least")).Json["spec"]!["revocation"]!["probeInterval"]!.ToString().ShouldBe("30s");

        var applied = (await ApplyGoodAsync("store-least")).Json;
        var store = applied.Deserialize(ApiJson.Default.EncryptedStore)!;
        store.Spec.MaintenanceWindows.ShouldBeEmpty();
        store.Spec.ShouldBe(
            new EncryptedStoreSpec
            {
                KeyRef = store.Spec.KeyRef,
                Aws = store.Spec.Aws,
                MaintenanceWindows = store.Spec.MaintenanceWindows,
            });
        applied["spec"]!["migration"]!["parallelism"]!.GetValue<int>().ShouldBe(8);
    }

    [Fact]
    public async Task A_full_status_of_a_key_comes_back_as_it_was_written()
    {
        CrdServer.SkipWithoutServer();
        await ApplyGoodAsync("key-least");
        var status = new TenantEncryptionKeyStatus
        {
            ObservedGeneration = 1, Conditions = [Ready], Verdict = "Usable", LastVerifiedTime = Noon,
            UnknownSince = Noon, RevokedSince = Noon,
            Keys =
            [
                new()
                {
                    Region = "eu-west-1",
                    Id = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
                    MaterialId = "m-1",
                    State = "Enabled",
                },
            ],
            RequiredPolicy = new() { ConfigMapName = "acme-2026-policy" }, LastHandledReconcileAt = "now",
        };
        var written = await ApplyStatusAsync(
            new TenantEncryptionKey { Metadata = new() { Name = "acme-2026" }, Status = status },
            ApiJson.Default.TenantEncryptionKey);
        JsonNode.DeepEquals(written.Json["status"],
            JsonSerializer.SerializeToNode(status, ApiJson.Default.TenantEncryptionKeyStatus))
                .ShouldBeTrue(written.Text);
    }

    [Fact]
    public async Task A_full_status_of_a_store_comes_back_as_it_was_written_and_is_printed()
    {
        CrdServer.SkipWithoutServer();
        await ApplyGoodAsync("store-everything");
        var status = new EncryptedStoreStatus
        {
            ObservedGeneration = 1, Conditions = [Ready],
            Location = new() { Cloud = "aws", Region = "eu-west-1", Bucket = "byok-acme", Prefix = "acme/" },
            ActiveKey = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd", Availability = "Open",
            Migration = new()
            {
                ObjectsTotal = 5_000,
                ObjectsCopied = 1_200,
                BytesTotal = 10,
                BytesCopied = 2,
                StartedAt = Noon,
                FinishedAt = Noon,
            },
            Census = [new() { Key = "none", Objects = 3_800, Bytes = 8 }], ClosedSince = Noon,
            ClosedReason = "KeyDisabled", LastReportTime = Noon, LastHandledReconcileAt = "now",
        };
        var written = await ApplyStatusAsync(new EncryptedStore { Metadata = new() { Name = "acme" }, Status = status },
            ApiJson.Default.EncryptedStore);
        JsonNode.DeepEquals(written.Json["status"],
            JsonSerializer.SerializeToNode(status, ApiJson.Default.EncryptedStoreStatus)).ShouldBeTrue(written.Text);
        (await RowAsync("encryptedstores", "acme"))[..8]
            .ShouldBe(["acme", "True", "Open", "acme-2026", "", "1200/5000", "", "byok-acme"]);
    }

    [Fact]
    public async Task Spec_cannot_be_written_through_status_nor_status_through_spec()
    {
        CrdServer.SkipWithoutServer();
        await ApplyGoodAsync("key-least");
        var manifest = ManifestCase.Read("good", "key-least");
        var path = CrdServer.PathOf(manifest.Documents[0], space);
        (await server.ApplyAsync(path, manifest.Texts[0].TrimEnd() + "\nstatus: {verdict: Revoked}\n")).Json["status"]
            .ShouldBeNull();
        (await server.ApplyAsync($"{path}/status",
            manifest.Texts[0]
                .Replace("spec:", "spec:\n  state: Standby",
                    StringComparison.Ordinal))).Json["spec"]!["state"]!.ToString().ShouldBe("Active");
    }

    [Theory]
    [InlineData("tenantencryptionkeys", "Name Ready Verdict State Source Expires Stores Age",
        "Reason Generation Missing Confirmed Verified Revoked Policy")]
    [InlineData("encryptedstores", "Name Ready Availability Key Progress Bucket Age",
        "Pending Reencrypted Reason Closed Reported Region")]
    [InlineData("tenants", "Name Ready Keys Stores Closed Age", "Reason Uncovered")]
    public async Task The_table_has_columns_that_a_person_can_use(string plural, string columns, string wide)
    {
        CrdServer.SkipWithoutServer();
        var definitions =
            (await server.GetAsync($"/apis/byok.dev/v1alpha1/{plural}", Table)).Json["columnDefinitions"]!.AsArray();
        Named(0).ShouldBe(columns.Split(' '));
        Named(1).ShouldBe(wide.Split(' '));
        IEnumerable<string> Named(int priority) =>
            definitions.Where(column => (int)column!["priority"]! == priority)
                .Select(column => (string)column!["name"]!);
    }

    [Fact]
    public async Task Short_names_and_the_category_are_served()
    {
        CrdServer.SkipWithoutServer();
        var resources = (await server.GetAsync("/apis/byok.dev/v1alpha1")).Json["resources"]!.AsArray();
        foreach (var (plural, shortName) in new[]
        {
            ("tenantencryptionkeys", "tek"),
            ("encryptedstores", "estore"),
            ("tenants", "btenant"),
        })
        {
            var found = resources.Single(one => (string?)one!["name"] == plural)!;
            found["shortNames"]!.ToJsonString().ShouldBe($"[\"{shortName}\"]");
            found["categories"]!.ToJsonString().ShouldBe("[\"byok\"]");
        }
    }

    [Theory]
    [InlineData("tek.spec.revocation.maxStaleness", "How long the key may go unproved")]
    [InlineData("estore.spec.shared.aws.prefix", "so that acme/ does not take acme2/ along")]
    [InlineData("btenant.spec.shared.aws.prefix", "A store may take it or anything under it")]
    [InlineData("estore.spec.workloads", "What in this namespace uses the store")]
    public async Task Explain_says_what_a_field_is_for(string field, string words)
    {
        CrdServer.SkipWithoutServer();
        using var kubectl = TryStart("explain", field);
        Assert.SkipWhen(kubectl is null, "no kubectl on the path");
        var text = await kubectl!.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        text.ReplaceLineEndings(" ").Replace("    ", "", StringComparison.Ordinal).ShouldContain(words);
    }

    private async Task<CrdServer.Answer> ApplyGoodAsync(string name)
    {
        var manifest = ManifestCase.Read("good", name);
        var answer = await server.ApplyAsync(CrdServer.PathOf(manifest.Documents[0], space), manifest.Texts[0]);
        answer.IsSuccess.ShouldBeTrue(answer.Text);
        return answer;
    }

    /// <summary>As the operator writes it: nothing but address and status.</summary>
    private async Task<CrdServer.Answer> ApplyStatusAsync<T>(
        T desired, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json)
    {
        var body = JsonSerializer.SerializeToNode(desired, json)!.AsObject();
        body.Remove("spec");
        var answer = await server.ApplyAsync($"{CrdServer.PathOf(body, space)}/status", body.ToJsonString());
        answer.IsSuccess.ShouldBeTrue(answer.Text);
        return answer;
    }

    private async Task<string[]> RowAsync(string plural, string name)
    {
        var table = await server.GetAsync($"/apis/byok.dev/v1alpha1/namespaces/{space}/{plural}/{name}", Table);
        return [.. table.Json["rows"]![0]!["cells"]!.AsArray().Select(cell => cell?.ToString() ?? "")];
    }

    private static Process? TryStart(params string[] arguments)
    {
        var program = Environment.GetEnvironmentVariable("BYOK_TEST_KUBECTL") is { Length: > 0 } given ? given
            : "kubectl";
        try
        {
            // What an earlier server on this port served is on record in the usual folder.
            var cache = Directory.CreateTempSubdirectory("byok-kubectl-").FullName;
            string[] all = [$"--kubeconfig={CrdServer.Kubeconfig}", $"--cache-dir={cache}", .. arguments];
            return Process.Start(new ProcessStartInfo(program, all) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
