using System.Diagnostics;
using System.Security.Cryptography;
using Byok.Import.Tests;
using MaterialProbe;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

/// <summary>Law 11 at the import API: its process holds nothing of what was uploaded to it.</summary>
public sealed class ImportMemoryTests(ITestOutputHelper output)
{
    private const int Imports = 100;
    private const int Refused = 20;

    [Fact]
    public async Task After_a_hundred_imports_no_secret_is_in_the_memory_of_the_process_that_took_them()
    {
        Assert.SkipUnless(CoreDump.CanBeTaken, "the runtime has no createdump here");
        await using var desk = await Desk.OpenAsync();
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, desk.Ring.Server.Kubeconfig);
        var control = RandomNumberGenerator.GetBytes(32);
        using var probe = Process.Start(
            new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "importprobe"),
                [kubeconfig, Keyring.Namespace, "eu", "2048"])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true,
            })!;
        try
        {
            await probe.StandardInput.BaseStream.WriteAsync(control);
            await probe.StandardInput.BaseStream.FlushAsync();
            desk.TalkTo(new Uri((await probe.StandardOutput.ReadLineAsync())!));
            var secrets = new List<byte[]>();
            for (var count = 0; count < Imports; count++)
            {
                secrets.Add(await ImportAsync(desk, isRefused: count % (Imports / Refused) == 0));
            }

            await Searched.NothingAsync(probe.Id, control, secrets, output);
        }
        finally
        {
            probe.Kill();
            await probe.WaitForExitAsync();
            File.Delete(kubeconfig);
        }
    }

    /// <summary>The caller's own process knows the secret, which is why another one is searched.</summary>
    private static async Task<byte[]> ImportAsync(Desk desk, bool isRefused)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var (token, key) = await desk.GrantedAsync();
        if (isRefused)
        {
            using var refused =
                await desk.UploadAsync(token, key.Encrypt([.. secret, 10], RSAEncryptionPadding.OaepSHA256));
            ((int)refused.StatusCode).ShouldBe(422);
        }

        using var accepted = await desk.UploadAsync(token, key.Encrypt(secret, RSAEncryptionPadding.OaepSHA256));
        ((int)accepted.StatusCode).ShouldBe(200);
        key.Dispose();
        return secret;
    }
}
