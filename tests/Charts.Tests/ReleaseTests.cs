using System.Text.RegularExpressions;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>What build/release.sh makes of a checkout, without a registry and
/// with a program that was built already.</summary>
public sealed partial class ReleaseTests
{
    private const string Version = "0.1.0";

    private static readonly string[] Platforms =
        ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"];

    private static readonly string[] Programs = ["byok-operator", "kubectl-byok"];

    private static string Script => Repository.PathTo("build", "release.sh");

    [Fact]
    [Trait("Server", "helm")]
    public async Task The_same_checkout_gives_the_same_files_and_their_digests_stand_beside_them()
    {
        var (first, second) = (await ReleasedAsync(), await ReleasedAsync());
        string[] expected =
        [
            .. Platforms.SelectMany(platform => Programs.Select(program => ArchiveOf(program, platform))),
            $"byok-operator-{Version}.tgz", $"byok-tenants-{Version}.tgz", "byok.yaml", "SHA256SUMS",
        ];
        Directory.EnumerateFiles(first).Select(Path.GetFileName).ShouldBe(expected, ignoreOrder: true);
        foreach (var file in expected)
        {
            File.ReadAllBytes(Path.Combine(first, file)).ShouldBe(File.ReadAllBytes(Path.Combine(second, file)), file);
        }

        (await Command.RunAsync("bash", ["-c", $"cd {first} && sha256sum --check --strict SHA256SUMS"])).ExitCode
            .ShouldBe(0);
    }

    /// <summary>Of every platform: krew refuses an archive of another digest, and a plugin that is not in it.</summary>
    [Fact]
    [Trait("Server", "helm")]
    public async Task The_plugin_s_manifest_names_each_archive_by_its_digest_and_the_archive_holds_the_plugin()
    {
        var folder = await ReleasedAsync();
        var manifest = Yaml.Parse(
            await File.ReadAllTextAsync(Path.Combine(folder, "byok.yaml"), TestContext.Current.CancellationToken))
                .Single();
        var seen = new List<string>();
        foreach (var platform in manifest["spec"]!["platforms"]!.AsArray())
        {
            var labels = platform!["selector"]!["matchLabels"]!;
            var name = $"{(string?)labels["os"]}-{(string?)labels["arch"]}";
            var archive = Path.Combine(folder, ArchiveOf("kubectl-byok", name));
            ((string?)platform["sha256"])
                .ShouldBe(
                    Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(archive))),
                    name);
            ((string?)platform["uri"])!.ShouldEndWith($"/v{Version}/{Path.GetFileName(archive)}");
            ((string?)platform["bin"]).ShouldBe(FileOf("kubectl-byok", name));
            seen.Add(name);
        }

        seen.ShouldBe(Platforms, ignoreOrder: true);
    }

    [Fact]
    [Trait("Server", "helm")]
    public async Task Each_archive_holds_the_program_as_its_platform_starts_it_and_the_licence()
    {
        var folder = await ReleasedAsync();
        foreach (var (platform, program) in Platforms.SelectMany(platform =>
            Programs.Select(program => (platform, program))))
        {
            var archive = Path.Combine(folder, ArchiveOf(program, platform));
            var listed = (await Command.RunAsync("tar", ["-tvzf", archive])).Require()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            listed.Select(line => line.Split(' ')[^1])
                .ShouldBe(["LICENSE", FileOf(program, platform)], ignoreOrder: true, archive);
            listed.Single(line => line.EndsWith(FileOf(program, platform), StringComparison.Ordinal))
                .ShouldStartWith("-rwxr-xr-x", Case.Sensitive, archive);
        }
    }

    /// <summary>Whoever reads where the files are reads of no other, and of each.</summary>
    [Fact]
    public void The_page_that_says_where_the_program_is_names_each_archive() =>
        Named().Matches(File.ReadAllText(Repository.PathTo("docs", "reports.md")))
            .Select(found => found.Groups[1].Value).Distinct()
            .ShouldBe(Platforms, ignoreOrder: true);

    [Fact]
    [Trait("Server", "helm")]
    public async Task A_chart_of_a_release_renders_as_the_one_in_the_checkout_does()
    {
        var folder = await ReleasedAsync();
        (await Helm.TemplateAsync(Path.Combine(folder, $"byok-operator-{Version}.tgz"), null)).Require()
            .ShouldBe((await Helm.TemplateAsync("byok-operator", null)).Require());
    }

    [Theory]
    [InlineData("--binary linux-mips=/bin/true",
        "--binary is 'linux-mips=/bin/true': give PLATFORM=FILE with one of darwin-amd64 darwin-arm64 linux-amd64 "
            + "linux-arm64 windows-amd64")]
    [InlineData("--binary =/bin/true", "--binary is '=/bin/true': give PLATFORM=FILE")]
    [InlineData("--binary linux-amd64=/nowhere", "there is no file '/nowhere'")]
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
        var pinned = Image().Matches(File.ReadAllText(Repository.PathTo("build", "images.env")))
            .Select(found => (found.Groups[1].Value, found.Groups[2].Value.Split('@')[0]));
        var dockerfile = File.ReadAllText(Repository.PathTo("Dockerfile"));
        pinned.ShouldBe(Default().Matches(dockerfile).Select(found => (found.Groups[1].Value, found.Groups[2].Value)));
        From().Matches(dockerfile).Select(found => found.Groups[1].Value).ShouldBe(["$SDK_IMAGE", "$BASE_IMAGE"]);
    }

    private static string ArchiveOf(string program, string platform) => $"{program}-{Version}-{platform}.tar.gz";

    private static string FileOf(string program, string platform) =>
        platform.StartsWith("windows-", StringComparison.Ordinal) ? $"{program}.exe" : program;

    private static async Task<string> ReleasedAsync()
    {
        var folder = Directory.CreateTempSubdirectory("byok-release-").FullName;
        var binaries =
            Platforms.SelectMany(platform => (string[])["--binary", $"{platform}={Environment.ProcessPath}"]);
        var ran = await Command.RunAsync("env",
            [$"HELM={Helm.Program}", "bash", Script, "--out", folder, .. binaries, "--no-image", "--no-sbom"]);
        ran.Require().ShouldContain("cosign sign-blob");
        return folder;
    }

    [GeneratedRegex("kubectl-byok-VERSION-([a-z0-9-]+)\\.tar\\.gz")]
    private static partial Regex Named();

    [GeneratedRegex("^([A-Z]+_IMAGE)=(.+)$", RegexOptions.Multiline)]
    private static partial Regex Image();

    [GeneratedRegex("^ARG ([A-Z]+_IMAGE)=(.+)$", RegexOptions.Multiline)]
    private static partial Regex Default();

    [GeneratedRegex("^FROM (?:--platform=\\S+ )?(\\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
