using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MaterialProbe;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>Law 11 at the opener: its process holds nothing of what it opened,
/// nor of what it opened and refused.</summary>
public sealed class OpenerMemoryTests(ITestOutputHelper output)
{
    private const int Uploads = 100;

    [Fact]
    public async Task After_a_hundred_uploads_no_secret_is_in_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc/PID/mem");
        var cancellation = TestContext.Current.CancellationToken;
        var control = Platform.Secret();
        var secrets = Enumerable.Range(0, Uploads).Select(_ => Platform.Secret()).ToList();
        var pair = Platform.CurrentPair.ExportPkcs8PrivateKey();
        using var probe = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "openerprobe"),
            [Uploads.ToString(CultureInfo.InvariantCulture), pair.Length.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            var input = probe.StandardInput.BaseStream;
            await input.WriteAsync((byte[])[.. pair, .. control], cancellation);
            for (var count = 0; count < Uploads; count++)
            {
                await input.WriteAsync(Upload(count, secrets[count]), cancellation);
            }

            await input.FlushAsync(cancellation);
            (await probe.StandardOutput.ReadLineAsync(cancellation)).ShouldBe("opened");
            Search(probe.Id, control, secrets);
        }
        finally
        {
            probe.Kill();
            await probe.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Opened by either padding, refused for its hash, refused for its length.</summary>
    private static byte[] Upload(int count, byte[] secret)
    {
        var content = count % 4 == 3 ? [.. secret, 10] : secret;
        var wrapped = Platform.Wrap(content, count % 4 == 1 ? RSAEncryptionPadding.OaepSHA1 : null);
        return [.. wrapped, .. Encoding.ASCII.GetBytes(Platform.HashOf(count % 4 == 2 ? Platform.Secret() : secret))];
    }

    private void Search(int process, byte[] control, List<byte[]> secrets)
    {
        var planted = SecretForms.Of(control);
        var sought = secrets.SelectMany(SecretForms.Of).ToList();
        var (bytes, hits) = ProcessMemory.Search(process, [.. planted, .. sought]);
        output.WriteLine(
            $"{bytes >> 20} MiB searched for {Uploads} secrets in {planted.Count} forms each: "
                + $"{hits.Skip(planted.Count).Sum()} hits; the control: {string.Join(' ', hits.Take(planted.Count))}");
        hits.Take(planted.Count).ShouldAllBe(count => count > 0, "the search does not find what is there on purpose");
        hits.Skip(planted.Count).Sum().ShouldBe(0);
    }
}
