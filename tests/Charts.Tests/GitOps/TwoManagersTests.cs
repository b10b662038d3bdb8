using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Charts.Tests.GitOps;

/// <summary>
/// The examples, applied server-side as Argo CD and Flux do it, one after the other, with the operator's own writes in
/// between: no conflict, and nothing left that either would call a difference. Defaults of the schema are the server's,
/// not a manager's.
/// </summary>
[Trait("Server", "crdserver")]
[Trait("Server", "helm")]
public sealed class TwoManagersTests
{
    private const string Argo = "argocd-controller";
    private const string Flux = "kustomize-controller";

    private static readonly string? kubeconfig = Environment.GetEnvironmentVariable("BYOK_TEST_CRDSERVER_KUBECONFIG");

    private readonly string space = $"managers-{Guid.NewGuid().ToString("n")[..8]}";

    [Theory]
    [InlineData("tenant")]
    [InlineData("tenant-azure")]
    public async Task Neither_sees_a_conflict_or_a_difference(string folder)
    {
        Assert.SkipWhen(kubeconfig is null, "BYOK_TEST_CRDSERVER_KUBECONFIG names no kubeconfig of a server with CEL");
        (await KubectlAsync("apply", "--server-side", "--force-conflicts", "--field-manager=tests", "-k",
            Repository.PathTo("crds"))).Require();
        await Until.HoldsAsync("the kinds are served",
            async () =>
                (await KubectlAsync("get", "tenants,tek,estore", "-A")) is { Succeeded: false } ran ? ran.Error : null);
        foreach (var file in (string[])["tenant.yaml", "key.yaml", "store.yaml"])
        {
            var manifest = await WrittenAsync(folder, file);
            await AppliesAsync(Argo, manifest);
            await AppliesAsync(Flux, manifest);
            await OperatorWritesAsync(manifest);
            await AppliesAsync(Argo, manifest);
            await AppliesAsync(Flux, manifest);
            File.Delete(manifest);
        }
    }

    /// <summary>Without force: where both say the same, nobody has to win.</summary>
    private static async Task AppliesAsync(string manager, string manifest)
    {
        (await KubectlAsync("apply", "--server-side", $"--field-manager={manager}", "-f", manifest)).Require();
        foreach (var other in (string[])[Argo, Flux])
        {
            var difference = await KubectlAsync("diff", "--server-side", $"--field-manager={other}", "-f", manifest);
            (difference.ExitCode, other == manager ? difference.Output
                : "").ShouldBe((0, ""),
                    $"{manager} applied {manifest}, and {other} sees: {difference.Output}{difference.Error}");
        }
    }

    /// <summary>A finalizer, a status, and an echo of what was asked for.</summary>
    private static async Task OperatorWritesAsync(string manifest)
    {
        (await KubectlAsync("patch", "-f", manifest, "--type=json", "--field-manager=byok-operator", "-p",
            """[{"op":"add","path":"/metadata/finalizers","value":["byok.dev/protect"]}]""")).Require();
        (await KubectlAsync("patch", "-f", manifest, "--type=merge", "--subresource=status",
            "--field-manager=byok-operator", "-p", """
                {"status":{"observedGeneration":1,"conditions":[{"type":"Ready","status":"True","reason":"Ready","message":"","observedGeneration":1,"lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
                """)).Require();
    }

    /// <summary>In a namespace of the test's own, and the Tenant with its name.</summary>
    private async Task<string> WrittenAsync(string folder, string file)
    {
        var manifest = Yaml.Parse(await File.ReadAllTextAsync(Repository.PathTo("examples", "manifests", folder, file)))
            .Single();
        if (manifest["metadata"]!["namespace"] is null)
        {
            manifest["metadata"]!["name"] = space;
        }
        else
        {
            manifest["metadata"]!["namespace"] = space;
        }

        var path = Path.ChangeExtension(Path.GetTempFileName(), ".json");
        await File.WriteAllTextAsync(path, manifest.ToJsonString());
        return path;
    }

    private static Task<CommandResult> KubectlAsync(params IReadOnlyList<string> arguments) =>
        Helm.KubectlAsync(["--kubeconfig", kubeconfig!, .. arguments]);
}
