using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ByokOperator;
using ByokOperator.Commands;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>What the chart starts is what the binary knows: every flag, every variable,
/// and no value that it would refuse.</summary>
[Trait("Server", "helm")]
[Collection(nameof(FlagTests))]
public sealed partial class FlagTests
{
    /// <summary>Flags that no installation in a cluster has a use for.</summary>
    private static readonly string[] Outside =
    [
        "--kubeconfig", "--context", // a pod has its service account
        "--identity", // the pod's name, by POD_NAME
    ];

    /// <summary>Read by the SDKs or by the kubelet's expansion, and not by our own code.</summary>
    private static readonly string[] OfOthers =
        ["OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME", "POD_NAMESPACE", "POD_NAME", "POD_SERVICE_ACCOUNT"];

    /// <summary>Variables of ours that the chart leaves to flags, or to extraEnv.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["BYOK_IMAGE"] = "--image",
        ["BYOK_AWS_CONTROL_KEYS"] = "--aws-control-keys",
        ["BYOK_AWS_OPERATOR_ROLE_ARN"] = "--aws-operator-role",
        ["BYOK_AWS_ASSUME_ROLE_ARN"] = "--aws-assume-role",
        ["BYOK_AWS_EXTERNAL_ID"] = "--aws-external-id",
        ["BYOK_AZURE_IDENTITY_RESOURCE_ID"] = "--azure-identity",
        ["BYOK_AZURE_APPLICATION_CLIENT_ID"] = "--azure-application",
        ["BYOK_AZURE_ROLE_SETTLING"] = "--azure-role-settling",
        ["BYOK_NOTICE_SECRET_FILE"] = "--notice-secret-file",
        ["BYOK_NOTICE_SECRET"] = "--notice-secret-file",
        ["BYOK_AZURE_CA_PEM"] = "extraEnv: of an imitation of Azure",
    };

    public static TheoryData<string> Cases =>
        [.. ChartCase.All.Where(one => one.Chart == "byok-operator").Select(one => one.Name)];

    [Fact]
    public async Task Every_flag_of_the_binary_can_be_set_and_no_other()
    {
        ShouldMatch(RunCommand.Create(), await ArgumentsAsync("everything", "operator"));
        ShouldMatch(ImportApiCommand.Create(), await ArgumentsAsync("everything", "import-api"));
    }

    /// <summary>Up to what is not there in a test: a cluster to speak to, a certificate.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_binary_takes_what_a_case_says(string name)
    {
        var (secret, certificate) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(secret, "0123456789abcdef", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(certificate, NewCertificate(), TestContext.Current.CancellationToken);
        IReadOnlyList<string> There(IEnumerable<string> arguments) =>
            [.. arguments.Select(one => one.Split('=')[0] switch
            {
                "--notice-secret-file" => $"--notice-secret-file={secret}",
                "--metrics-tls-cert" or "--metrics-tls-key" => $"{one.Split('=')[0]}={certificate}",
                _ => one,
            })];
        (await SaidAsync(RunCommand.Create(),
            [.. There(await ArgumentsAsync(name, "operator")), "--kubeconfig=/nowhere/kubeconfig"]))
                .ShouldContain("/nowhere/kubeconfig");
        var served = There(await ArgumentsAsync(name, "import-api"));
        if (served.Count > 0)
        {
            (await SaidAsync(ImportApiCommand.Create(), served))
                .ShouldMatch("^byok-operator: --tls-cert and --tls-key can't be used: [^;]+$");
        }

        File.Delete(secret);
        File.Delete(certificate);
    }

    [Fact]
    public async Task Every_variable_that_is_set_is_read()
    {
        var sources = Sources();
        (await EnvironmentAsync("everything")).Except(OfOthers)
            .Where(name => !sources.Contains($"\"{name}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_variable_of_ours_can_be_set()
    {
        var flags = await ArgumentsAsync("everything", "operator");
        var set = await EnvironmentAsync("everything");
        var read = Variable().Matches(Sources()).Select(found => found.Groups[1].Value)
            .Where(name => name.StartsWith("BYOK_", StringComparison.Ordinal)).Distinct().ToList();
        read.Except(set).Except(Elsewhere.Keys).ShouldBeEmpty();
        Elsewhere.Keys.Except(read).ShouldBeEmpty();
        Elsewhere.Values.Where(flag =>
            flag.StartsWith('-')
                && !flags.Any(one => one.StartsWith(flag + "=", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    /// <summary>And its key, in one text.</summary>
    private static string NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest("CN=metrics", key,
            HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    private static void ShouldMatch(Command command, IReadOnlyList<string> arguments)
    {
        var known = command.Options.Select(option => option.Name)
            .Where(name => name.StartsWith("--", StringComparison.Ordinal) && name != "--help").ToList();
        var rendered = arguments.Where(one => one.StartsWith("--", StringComparison.Ordinal))
            .Select(one => one.Split('=')[0]).Distinct().ToList();
        rendered.Except(known).ShouldBeEmpty();
        known.Except(rendered).Except(Outside).ShouldBeEmpty();
    }

    private static async Task<string> SaidAsync(Command command, IReadOnlyList<string> arguments)
    {
        var (before, said) = (Console.Error, new StringWriter());
        Console.SetError(said);
        try
        {
            var root = new RootCommand { command };
            string[] given =
                [.. arguments.Select(one => one.Replace("$(POD_NAMESPACE)", "byok-system", StringComparison.Ordinal))];
            root.Parse(given).Errors.Select(error => error.Message).ShouldBeEmpty();
            (await Boundary.RunAsync(root, given, said)).ShouldBe(ExitCodes.Usage);
        }
        finally
        {
            Console.SetError(before);
        }

        return said.ToString().Trim();
    }

    private static async Task<IReadOnlyList<string>> ArgumentsAsync(string name, string container) =>
        [.. (await ContainersAsync(name)).Where(one => (string?)one["name"] == container)
            .SelectMany(one => one["args"]!.AsArray()).Select(one => (string)one!)];

    private static async Task<IReadOnlyList<string>> EnvironmentAsync(string name) =>
        [.. (await ContainersAsync(name)).SelectMany(one => one["env"]!.AsArray()).Select(one => (string)one!["name"]!)
            .Distinct()];

    private static async Task<IEnumerable<JsonNode>> ContainersAsync(string name)
    {
        var one = new ChartCase("byok-operator", name);
        return (await Helm.ObjectsAsync(one.Chart, one.Values, one.Arguments))
            .Where(manifest => (string?)manifest["kind"] == "Deployment")
            .SelectMany(manifest =>
                manifest["spec"]!["template"]!["spec"]!["containers"]!.AsArray().OfType<JsonNode>());
    }

    private static string Sources() => string.Concat(
        Directory.EnumerateFiles(Repository.PathTo("operator"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));

    [GeneratedRegex("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"")]
    private static partial Regex Variable();
}

/// <summary>These tests catch what the commands say on the process's own stderr.</summary>
[CollectionDefinition(nameof(FlagTests), DisableParallelization = true)]
public sealed class OneStderr;
