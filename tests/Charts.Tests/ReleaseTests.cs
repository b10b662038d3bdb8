using System.Text.RegularExpressions;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>What build/release.sh makes of a checkout, without a registry and with a program that was built already.</summary>
public sealed partial class ReleaseTests
{
    private const string Version = "0.1.0";

    private static string Script => Repository.PathTo("build", "release.sh");

    [Fact]
    public async Task The_same_checkout_gives_the_same_files_and_their_digests_stand_beside_them()
    {
        var (first, second) = (await ReleasedAsync(), await ReleasedAsync());
        foreach (var file in (string[])
        [
            $"byok-operator-{Version}-linux-amd64.tar.gz", $"kubectl-byok-{Version}-linux-amd64.tar.gz", $"byok-operator-{Version}.tgz", $"byok-tenants-{Version}.tgz", "byok.yaml", "SHA256SUMS",
        ])
        {
            File.ReadAllBytes(Path.Combine(first, file)).ShouldBe(File.ReadAllBytes(Path.Combine(second, file)), file);
        }

        (await Command.RunAsync("bash", ["-c", $"cd {first} && sha256sum --check --strict SHA256SUMS"])).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_plugin_s_manifest_names_its_archive_by_its_digest_and_the_archive_holds_the_plugin()
    {
        var folder = await ReleasedAsync();
        var archive = Path.Combine(folder, $"kubectl-byok-{Version}-linux-amd64.tar.gz");
        var platform = Yaml.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "byok.yaml"), TestContext.Current.CancellationToken)).Single()["spec"]!["platforms"]!.AsArray().Single()!;
        ((string?)platform["sha256"]).ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(archive))));
        ((string?)platform["uri"])!.ShouldEndWith($"/v{Version}/{Path.GetFileName(archive)}");
        ((string?)platform["bin"]).ShouldBe("kubectl-byok");
        (await Command.RunAsync("tar", ["-tzf", archive])).Require().ShouldContain("kubectl-byok");
    }

    [Fact]
    public async Task A_chart_of_a_release_renders_as_the_one_in_the_checkout_does()
    {
        var folder = await ReleasedAsync();
        (await Helm.TemplateAsync(Path.Combine(folder, $"byok-operator-{Version}.tgz"), null)).Require()
            .ShouldBe((await Helm.TemplateAsync("byok-operator", null)).Require());
    }

    [Theory]
    [InlineData("--binary mips=/bin/true", "--binary is 'mips=/bin/true': give amd64=FILE or arm64=FILE")]
    [InlineData("--binary amd64=/nowhere", "there is no file '/nowhere'")]
    [InlineData("--fast", "build/release.sh [--out DIR]")]
    public async Task What_it_is_given_wrong_is_named(string arguments, string words)
    {
        var ran = await Command.RunAsync("bash", [Script, .. arguments.Split(' ')]);
        ran.ExitCode.ShouldBe(2);
        (ran.Output + ran.Error).ShouldContain(words);
    }

    [Fact]
    public void Base_images_stand_in_one_place_and_the_Dockerfile_follows_it()
    {
        var pinned = Image().Matches(File.ReadAllText(Repository.PathTo("build", "images.env"))).Select(found => (found.Groups[1].Value, found.Groups[2].Value.Split('@')[0]));
        var dockerfile = File.ReadAllText(Repository.PathTo("Dockerfile"));
        pinned.ShouldBe(Default().Matches(dockerfile).Select(found => (found.Groups[1].Value, found.Groups[2].Value)));
        From().Matches(dockerfile).Select(found => found.Groups[1].Value).ShouldBe(["$SDK_IMAGE", "$BASE_IMAGE"]);
    }

    private static async Task<string> ReleasedAsync()
    {
        var folder = Directory.CreateTempSubdirectory("byok-release-").FullName;
        var ran = await Command.RunAsync("env", [$"HELM={Helm.Program}", "bash", Script, "--out", folder, "--binary", $"amd64={Environment.ProcessPath}", "--no-image", "--no-sbom"]);
        ran.Require().ShouldContain("cosign sign-blob");
        return folder;
    }

    [GeneratedRegex("^([A-Z]+_IMAGE)=(.+)$", RegexOptions.Multiline)]
    private static partial Regex Image();

    [GeneratedRegex("^ARG ([A-Z]+_IMAGE)=(.+)$", RegexOptions.Multiline)]
    private static partial Regex Default();

    [GeneratedRegex("^FROM (?:--platform=\\S+ )?(\\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
