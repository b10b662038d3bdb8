using System.Diagnostics;
using System.Security.Cryptography;
using Byok.Material;
using ByokOperator.Tests.Api;
using ByokOperator.Tests.Material;
using Cluster.Tests.Primitives;
using Shouldly;

namespace ByokOperator.Tests.Keygen;

/// <summary>A tenant's machine: a folder with the platform's public key and a password,
/// our programs and the real openssl.</summary>
internal sealed class Workbench : IDisposable
{
    public const string PublicKey = "akm_aws_ob_public.key";
    public const string Password = "correct horse battery staple";

    /// <summary>A program that asks a question nobody answers must not hold the tests.</summary>
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(2);

    public Workbench()
    {
        Folder = Directory.CreateTempSubdirectory("keygen").FullName;
        Put(PublicKey, Platform.Current.PublicKeyPem);
        Put("password", Password + "\n");
    }

    public string Folder { get; }

    public static string Linux => Repository.PathTo("examples", "keygen", "secretgen-linux.sh");

    public static string MacOs => Repository.PathTo("examples", "keygen", "secretgen-macos.sh");

    public static string Rsa => Repository.PathTo("examples", "keygen", "rsagen.sh");

    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    public Ran Tool(params string[] arguments) => Run(Programs.OperatorPath, arguments, []);

    public Ran Tool(byte[] input, params string[] arguments) => Run(Programs.OperatorPath, arguments, input);

    public Ran Openssl(byte[] input, params string[] arguments) => Run("openssl", arguments, input);

    public Ran Script(string script, params string[] arguments) => Run("bash", [script, .. arguments], []);

    public Ran Run(
        string program, IReadOnlyList<string> arguments, byte[] input,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        var error = process.StandardError.ReadToEndAsync();
        Feed(process, input);
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end");
        }

        copying.Wait();
        return new Ran(process.ExitCode, output.ToArray(), error.Result);
    }

    public string PathTo(string name) => Path.Combine(Folder, name);

    public void Put(string name, string text) => File.WriteAllText(PathTo(name), text);

    public void Put(string name, byte[] content) => File.WriteAllBytes(PathTo(name), content);

    public void PutProgram(string name, string text)
    {
        Put(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathTo(name),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void ShouldBePrivate(string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(PathTo(name)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public byte[] Read(string name) => File.ReadAllBytes(PathTo(name));

    /// <summary>Opens a wrapped secret as the platform does.</summary>
    public void ShouldOpen(string name, string keyHash, bool legacy = false)
    {
        using var material = Platform.Open(Read(name), keyHash, legacy)
            .ShouldBeOfType<OpenedMaterial.Opened>().Material;
        material.HashText().ShouldBe(keyHash.Trim());
    }

    /// <summary>Opens a wrapped secret by openssl alone, with the platform's private key on this bench.</summary>
    public byte[] UnwrapByOpenssl(string name, string digest = "sha256")
    {
        Put("private.pem", Platform.CurrentPair.ExportPkcs8PrivateKeyPem());
        var ran = Openssl([], "pkeyutl", "-decrypt", "-inkey", "private.pem", "-in", name, "-pkeyopt",
            "rsa_padding_mode:oaep", "-pkeyopt", $"rsa_oaep_md:{digest}", "-pkeyopt", $"rsa_mgf1_md:{digest}");
        ran.Code.ShouldBe(0, ran.Error);
        return ran.Output;
    }

    /// <summary>The command that the tool and the scripts print.</summary>
    public byte[] ReadBackupByOpenssl(string name)
    {
        var ran = Openssl([], "enc", "-d", "-aes-256-cbc", "-pbkdf2", "-iter", "600000", "-in", name, "-pass",
            "file:password");
        ran.Code.ShouldBe(0, ran.Error);
        return ran.Output;
    }

    public void ShouldHoldNothingOf(byte[] secret, params IEnumerable<string> texts)
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            Traces.Of(secret).In(File.ReadAllBytes(file)).ShouldBeNull(file);
        }

        foreach (var text in texts)
        {
            Traces.Of(secret).In(text).ShouldBeNull(text);
        }
    }

    public static string HashOf(byte[] secret) => Convert.ToBase64String(SHA256.HashData(secret));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Feed(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program that refuses before it reads closes the pipe.
        }
    }
}
