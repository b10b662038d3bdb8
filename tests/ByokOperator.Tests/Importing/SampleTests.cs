using System.Text;
using System.Text.Json.Nodes;
using Byok.Material;
using ByokOperator.Tests.Api;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

/// <summary>The vendor's printed examples against the running API, over TLS, with the real openssl, curl, jq,
/// node and axios.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("byok-sample");
    private readonly ServerCertificate certificate = new();

    /// <summary>Where <c>base64</c> writes one line, as Apple's does,
    /// on whose shell the example was evidently made.</summary>
    [Fact]
    public async Task The_bash_sample_imports_its_key()
    {
        await using var desk = await OpenAsync(allowLegacy: true);
        var (exitCode, output, errors) = await BashAsync(desk, Sample("import.sh"), oneLine: true);
        exitCode.ShouldBe(0, errors);
        ((string)JsonNode.Parse(output)!["status"]!).ShouldBe("Accepted");
        await ShouldHoldAsync(desk, await BackedUpAsync());
    }

    /// <summary>
    /// GNU's <c>base64</c> breaks its lines. Whoever then puts the substitution between double quotes, or takes the
    /// line end out of IFS as here, to leave the text alone, sends raw line ends inside of a JSON string.
    /// </summary>
    [Fact]
    public async Task The_bash_sample_imports_its_key_with_line_ends_in_the_JSON_string()
    {
        await using var desk = await OpenAsync(allowLegacy: true);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "env"), "IFS=''\n");
        var (exitCode, output, errors) = await BashAsync(desk, Sample("import.sh"), oneLine: false,
            ("BASH_ENV", Path.Combine(folder.FullName, "env")));
        exitCode.ShouldBe(0, errors);
        ((string)JsonNode.Parse(output)!["status"]!).ShouldBe("Accepted");
        await ShouldHoldAsync(desk, await BackedUpAsync());
    }

    /// <summary>With GNU's <c>base64</c> and nothing done about it, bash itself cuts curl's argument at the first line
    /// end: all that a server can do is say so.</summary>
    [Fact]
    public async Task Where_the_shell_tears_the_body_the_caller_is_told_how_to_mend_it()
    {
        await using var desk = await OpenAsync(allowLegacy: true);
        var unquiet = Sample("import.sh").Replace("curl --fail -H", "curl -s -H", StringComparison.Ordinal);
        var (_, output, _) = await BashAsync(desk, unquiet, oneLine: false, ("https_proxy", "http://127.0.0.1:1"),
            ("http_proxy", "http://127.0.0.1:1"), ("no_proxy", "localhost"));
        output.ShouldContain("urn:byok:problem:body-torn");
        output.ShouldContain("base64 -w 0");
        (await desk.StoredAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Without_consent_to_SHA1_the_bash_sample_fails()
    {
        await using var desk = await OpenAsync(allowLegacy: false);
        var (_, _, errors) = await BashAsync(desk, Sample("import.sh"), oneLine: true);
        errors.ShouldContain("422");
        (await desk.StoredAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task The_node_sample_imports_its_key()
    {
        Assert.SkipUnless(Child.Has("node") && Child.Has("npm"), "needs node and npm");
        await using var desk = await OpenAsync(allowLegacy: true);
        var (built, packages, trouble) = await Child.RunAsync(folder.FullName, new Dictionary<string, string>(), "bash",
            Repository.PathTo("tests", "harness", "node", "folder.sh"));
        built.ShouldBe(0, trouble);
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "node_modules"),
            Path.Combine(packages.Trim(), "node_modules"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "import.mjs"),
            Sample("head.mjs.txt") + Sample("import.mjs") + Sample("tail.mjs.txt"));

        var environment = new Dictionary<string, string>
        {
            ["ENDPOINT"] = Endpoint(desk),
            ["ENTERPRISE"] = "dave",
            ["APIKEY"] = desk.AcmeKey,
            ["NODE_EXTRA_CA_CERTS"] = certificate.CertificateFile,
        };
        var (exitCode, output, errors) = await Child.RunAsync(folder.FullName, environment, "node", "import.mjs");
        exitCode.ShouldBe(0, errors);
        var said = JsonNode.Parse(output)!;
        said["answer"]!.AsObject().Select(member => member.Key).ShouldBe(["status", "id"]);
        await ShouldHoldAsync(desk, Convert.FromHexString((string)said["secret"]!));
    }

    public void Dispose()
    {
        certificate.Dispose();
        folder.Delete(recursive: true);
    }

    private Task<Desk> OpenAsync(bool allowLegacy) =>
        Desk.OpenAsync(
            options => options with { CertificateFile = certificate.CertificateFile, KeyFile = certificate.KeyFile },
            bits: 4096, allowLegacy);

    private async Task<(int ExitCode, string Output, string Errors)> BashAsync(
        Desk desk, string script, bool oneLine, params (string Name, string Value)[] more)
    {
        foreach (var program in new[] { "bash", "openssl", "curl", "jq", "base64" })
        {
            Assert.SkipUnless(Child.Has(program), $"needs {program}");
        }

        var environment = new Dictionary<string, string> { ["CURL_CA_BUNDLE"] = certificate.CertificateFile };
        if (oneLine)
        {
            var shim = Directory.CreateDirectory(Path.Combine(folder.FullName, "bin"));
            var program = Path.Combine(shim.FullName, "base64");
            await File.WriteAllTextAsync(program, "#!/bin/sh\nPATH=${PATH#*:}\nexec base64 -w 0 \"$@\"\n");
            await Child.RunAsync(folder.FullName, environment, "chmod", "+x", program);
            environment["PATH"] = $"{shim.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "import.sh"),
            $"apikey=\"{desk.AcmeKey}\"\nenterpriseid=\"dave\"\nendpoint=\"{Endpoint(desk)}\"\n{script}");
        return await Child.RunAsync(folder.FullName, environment, "bash", "import.sh");
    }

    /// <summary>The secret, from the backup that the script leaves, by the script's own means.</summary>
    private async Task<byte[]> BackedUpAsync()
    {
        var (exitCode, output, errors) = await Child.RunAsync(
            folder.FullName, new Dictionary<string, string>(), "bash", "-c",
            "set -o pipefail; base64 -d secure-key.b64 | openssl enc -d -aes-256-cbc -pass pass:RepliconRocks -md "
                + "sha1 | od -An -v -tx1 | tr -d ' \\n'");
        exitCode.ShouldBe(0, errors);
        return Convert.FromHexString(output);
    }

    private static async Task ShouldHoldAsync(Desk desk, byte[] secret)
    {
        secret.Length.ShouldBe(32);
        var stored = (await desk.StoredAsync()).ShouldNotBeNull();
        var openers = await desk.Requests.OpenersAsync(Desk.Acme,
            stored.Metadata.Annotations!["byok.dev/import-request"], CancellationToken.None);
        using var opened = MaterialOpener.Open(openers, stored.Data!["wrappedKey"],
            Encoding.ASCII.GetString(stored.Data["keyHash"]),
            allowLegacyWrapping: true).ShouldBeOfType<OpenedMaterial.Opened>().Material;
        opened.Bytes.ToArray().ShouldBe(secret);
    }

    private static string Endpoint(Desk desk) => $"https://localhost:{desk.Http.BaseAddress!.Port}";

    private static string Sample(string name) =>
        File.ReadAllText(Repository.PathTo("tests", "ByokOperator.Tests", "Importing", "Samples", name));
}
