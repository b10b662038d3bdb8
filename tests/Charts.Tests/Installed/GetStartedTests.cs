using System.Text.Json.Nodes;
using Amazon.S3.Model;
using ByokOperator.Tests.Api;
using Charts.Tests.Documents;
using Cluster.Tests.Primitives;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Charts.Tests.Installed;

/// <summary>
/// docs/get-started.md on a real cluster: its blocks are pasted into a terminal one after the other, and what the page
/// says is seen to come of each. The page's programs are the real ones, told where this cluster and its cloud are;
/// docker and git alone are stand-ins.
/// </summary>
[Trait("Server", "kubernetes")]
[Trait("Server", "helm")]
[Trait("Cluster", "alone")]
[Collection(Releases.OnTheCluster)]
public sealed class GetStartedTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const string Page = "docs/get-started.md";
    private const string Space = "acme";

    /// <summary>Of the page's key, which the reader edits.</summary>
    private const string Account = "111122223333";
    private const string Shared = "platform-backups";

    private readonly RealCluster cluster = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("byok-get-started-");
    private string bucket = "";

    private Kubectl Kubectl => cluster.Administrator;

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task What_is_pasted_step_by_step_installs_opens_closes_opens_again_and_goes()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        await FillAsync(cloud);
        await LayOutAsync(cloud);
        await using var terminal = await TerminalSession.StartAsync(folder.FullName, new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.Combine(folder.FullName, "bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["KUBECONFIG"] = RealCluster.Kubeconfig,
        });
        try
        {
            var blocks = Block.All.Where(block =>
                block is { Page: Page, Language: "sh" }
                    && !block.Text.Contains("examples/Quickstart", StringComparison.Ordinal)).ToList();
            var steps = Steps(cloud);
            blocks.Count.ShouldBe(steps.Count, "each block has a step here");
            foreach (var (block, step) in blocks.Zip(steps))
            {
                block.Text.ShouldContain(step.Says, Case.Sensitive, $"{Page}:{block.Line}");
                await terminal.PasteAsync(block.Text, step.Word is null ? null
                    : $"type {step.Word} to go on: ", step.Word);
                await step.SeenAsync();
            }
        }
        finally
        {
            output.WriteLine(terminal.Written.ReplaceLineEndings("\n"));
            await CleanAsync();
        }
    }

    private IReadOnlyList<Step> Steps(LocalCloudServer cloud) =>
    [
        new("docker build", () => Task.CompletedTask),
        new("helm install byok-operator",
            async () =>
                (await Kubectl.GetAsync("-n", OperatorManifests.Namespace,
                    "deployment/byok-operator"))["status"]!["readyReplicas"]!.GetValue<int>().ShouldBe(1)),
        new("--values tenants.yaml",
            () =>
                UntilAsync("the Tenant is ready", status => AwsScene.IsTrue(status, "Ready"), "tenants.byok.dev",
                    Space)),
        new("check acme/acme-2026",
            () =>
                UntilAsync("the key is usable", status => (string?)status["verdict"] == "Usable", "-n", Space,
                    "tenantencryptionkey/acme-2026")),
        new("tenant/store.yaml", () => MovedAsync(cloud)),
        new("state: Revoked", ClosedAsync),
        new("kubectl apply -f examples/manifests/tenant/key.yaml", OpenAsync),
        new("revoke acme/acme-2026", ClosedAsync) { Word = "revoke" },
        new("return acme/acme-2026", OpenAsync) { Word = "return" },
        new("report acme/backups",
            async () =>
                (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "acme.html")))
                    .ShouldContain("Encryption report")),
        new("helm uninstall", GoneAsync),
    ];

    /// <summary>What the platform keeps of the tenant until now.</summary>
    private static async Task FillAsync(LocalCloudServer cloud)
    {
        using var s3 = AwsScene.S3(cloud, LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        cloud.Admin.CreateBucket(Shared, AwsScene.Region, LocalCloudAccounts.Platform);
        await s3.PutObjectAsync(
            new PutObjectRequest { BucketName = Shared, Key = "acme/backup-1", ContentBody = "the tenant's" });
    }

    /// <summary>The checkout, with the edits that the page asks for, and the programs on a path of their own.</summary>
    private async Task LayOutAsync(LocalCloudServer cloud)
    {
        (await Command.RunAsync("cp",
            ["-rL", Repository.PathTo("examples", "manifests"),
                Directory.CreateDirectory(Path.Combine(folder.FullName, "examples")).FullName])).Require();
        var key = Path.Combine(folder.FullName, "examples", "manifests", "tenant", "key.yaml");
        var text = await File.ReadAllTextAsync(key);
        var given = text.Split('\n').Single(line => line.Contains("arn: arn:aws:kms", StringComparison.Ordinal))
            .Split("arn: ")[1];
        await File.WriteAllTextAsync(key,
            text.Replace(given, await AwsScene.CreateKeyAsync(cloud, Account), StringComparison.Ordinal));
        foreach (var file in Block.All.Where(block => block is { Page: Page, Language: "yaml" }))
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, file.Text.Split('\n')[0][2..]), file.Text);
        }

        foreach (var chart in (string[])["byok-operator", "byok-tenants"])
        {
            using var copy = await ChartOnOldServer.CopyAsync(chart);
            (await Command.RunAsync("cp",
                ["-r", copy.Folder, Directory.CreateDirectory(Path.Combine(folder.FullName, "charts")).FullName]))
                    .Require();
        }

        await WriteProgramsAsync(cloud);
    }

    /// <summary>Each is the real one; what is added to what the page says is this cluster's alone.</summary>
    private async Task WriteProgramsAsync(LocalCloudServer cloud)
    {
        await OldServerValues.ApplySecretAsync(Kubectl);
        var values = await OldServerValues.OfAsync(Kubectl, cloud);
        var image = RealCluster.OperatorImage.Split(':');
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "cluster.yaml"), values.ToJsonString());
        Write("docker", "exit 0");
        Write("git", "echo told");
        Write("byok-operator", $"exec '{Programs.OperatorPath}' \"$@\"");
        Write("kubectl",
            $"[ \"$1\" != apply ] || {{ shift; set -- apply --validate=false \"$@\"; }}\nexec "
                + $"'{Environment.GetEnvironmentVariable("BYOK_TEST_KUBECTL") ?? "kubectl"}' \"$@\"");
        Write("helm", $"""
            case "$1 $2" in
              install\ byok-operator) set -- "$@" --values '{folder.FullName}/cluster.yaml' --set image.repository={image[0]} --set aws.identity=Secret --take-ownership {string.Join(' ', Releases.OldServer)} ;;
              install\ *) set -- "$@" --take-ownership {string.Join(' ', Releases.OldServer)} ;;
            esac
            exec '{Helm.Program}' "$@"
            """);
    }

    private void Write(string name, string script) =>
        StandIn.Write(Path.Combine(folder.FullName, "bin", name), $"#!/bin/sh\n{script}");

    private async Task MovedAsync(LocalCloudServer cloud)
    {
        await OpenAsync();
        bucket = (string)(await StatusAsync("-n", Space, "encryptedstore/backups"))["location"]!["bucket"]!;
        using var s3 = AwsScene.S3(cloud, LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        (await s3.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = bucket, Prefix = "acme/" })).S3Objects!.Select(one => one.Key)
                .ShouldBe([
                "acme/backup-1",
            ]);
        ((string?)(await Kubectl.GetAsync("-n", Space,
            "configmap/backups-binding"))["data"]!.ToJsonString())!.ShouldContain(bucket);
    }

    private Task OpenAsync() =>
        UntilAsync("the store is open",
            status => (string?)status["availability"] == "Open" && AwsScene.IsTrue(status, "Ready"), "-n", Space,
            "encryptedstore/backups");

    private async Task ClosedAsync()
    {
        await UntilAsync("the store is closed", status => (string?)status["availability"] == "Closed", "-n", Space,
            "encryptedstore/backups");
        (await Kubectl.FindAsync("-n", Space, "configmap/backups-binding")).ShouldBeNull();
    }

    private async Task GoneAsync()
    {
        await Until.TrueAsync("the operator is gone",
            async () => await Kubectl.FindAsync("-n", OperatorManifests.Namespace, "deployment/byok-operator") is null);
        (await Kubectl.FindAsync("tenants.byok.dev", Space)).ShouldBeNull();
        // not Ready: the operator may still have seen its Tenant go
        ((string?)(await StatusAsync("-n", Space, "encryptedstore/backups"))["availability"]).ShouldBe("Open");
        (await Kubectl.FindAsync("-n", Space, "tenantencryptionkey/acme-2026")).ShouldNotBeNull();
    }

    private Task UntilAsync(string what, Func<JsonNode, bool> holds, params string[] subject) =>
        Until.HoldsAsync(what, async () =>
        {
            var status = await StatusAsync(subject);
            return holds(status) ? null : status.ToJsonString();
        });

    private async Task<JsonNode> StatusAsync(params string[] subject) =>
        (await Kubectl.GetAsync(subject))["status"] ?? new JsonObject();

    /// <summary>By force, since the operator is gone; its records of this tenant too,
    /// which another test's operator would follow.</summary>
    private async Task CleanAsync()
    {
        var releases = new Releases(RealCluster.Kubeconfig);
        await releases.UninstallAsync("byok-tenants");
        await releases.UninstallAsync("byok-operator");
        var uid = (string?)(await Kubectl.FindAsync("-n", Space, "encryptedstore/backups"))?["metadata"]!["uid"];
        await Kubectl.TryAsync("delete", "-n", OperatorManifests.Namespace, "jobs", "-l", $"byok.dev/store-uid={uid}",
            "--wait=false");
        foreach (var subject in (string[])["encryptedstore/backups", "tenantencryptionkey/acme-2026"])
        {
            await Kubectl.TryAsync("patch", "-n", Space, subject, "--type=merge", "-p",
                """{"metadata":{"finalizers":null}}""");
        }

        await Kubectl.TryAsync("delete", "namespace", Space, "--wait=false");
        foreach (var record
            in (await Kubectl.GetAsync("-n", OperatorManifests.Namespace, "configmaps"))["items"]!.AsArray()
                .Select(map => (string)map!["metadata"]!["name"]!))
        {
            if (record.Contains($".{Space}.", StringComparison.Ordinal))
            {
                await Kubectl.TryAsync("delete", "-n", OperatorManifests.Namespace, $"configmap/{record}");
            }
        }

        await OldServerValues.DeleteSecretAsync(Kubectl);
    }

    /// <param name="Says">What its block holds.</param>
    /// <param name="SeenAsync">What has come of it.</param>
    private sealed record Step(string Says, Func<Task> SeenAsync)
    {
        /// <summary>What it asks for.</summary>
        public string? Word { get; init; }
    }
}
