using System.ComponentModel;
using System.Diagnostics;
using ByokOperator.Keygen;

namespace Quickstart;

/// <summary>The tenant's own machine: a folder with the public key,
/// and the script (or our tool where bash or openssl is missing).</summary>
internal sealed class TenantDesk : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("byok-tenant-");
    private readonly bool hasScript = OperatingSystem.IsLinux() && Runs("bash", "--version")
        && Runs("openssl", "version");
    private int made;

    public TenantDesk(string publicKeyPem) => File.WriteAllText(PublicKey, publicKeyPem);

    public string Tool => hasScript ? "secretgen-linux.sh" : "byok-operator key generate";

    private string PublicKey => Path.Combine(folder.FullName, "akm_aws_ob_public.key");

    public async Task<HandedOver> MakeSecretAsync()
    {
        var file = Path.Combine(folder.FullName, $"encrypted_secret-{++made}.bin");
        var hash = hasScript ? await ByScriptAsync(file) : ByTool(file);
        return new HandedOver(await File.ReadAllBytesAsync(file), hash.Trim());
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<string> ByScriptAsync(string file)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "keygen", "secretgen-linux.sh");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, PublicKey, "--out", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (said, told) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await said
            : throw new InvalidOperationException($"secretgen-linux.sh: {await told}");
    }

    private string ByTool(string file)
    {
        var output = Console.Out;
        using var said = new StringWriter();
        Console.SetOut(said);
        try
        {
            return KeyCommand.Create(TimeProvider.System).Parse(["generate", "-k", PublicKey, "--out", file]).Invoke()
                == 0
                ? said.ToString()
                : throw new InvalidOperationException("byok-operator key generate failed");
        }
        finally
        {
            Console.SetOut(output);
        }
    }

    private static bool Runs(string program, string argument)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, argument)
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
