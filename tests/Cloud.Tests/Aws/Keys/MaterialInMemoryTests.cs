using System.Diagnostics;
using System.Security.Cryptography;
using LocalCloud;
using MaterialProbe;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Keys;

/// <summary>A process that imported material holds none of it afterwards. Searched for in another process, as nobody
/// can search his own memory without filling it.</summary>
public sealed class MaterialInMemoryTests(ITestOutputHelper output)
{
    private const int Imports = 100;

    [Fact]
    public async Task After_a_hundred_imports_no_material_is_in_memory()
    {
        await using var server = await LocalCloudServer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        var control = RandomNumberGenerator.GetBytes(32);
        var materials = Enumerable.Range(0, Imports).Select(_ => RandomNumberGenerator.GetBytes(32)).ToList();
        using var probe = Start(server.Url);
        try
        {
            await probe.StandardInput.BaseStream.WriteAsync(control, TestContext.Current.CancellationToken);
            foreach (var material in materials)
            {
                await probe.StandardInput.BaseStream.WriteAsync(material, TestContext.Current.CancellationToken);
            }

            await probe.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
            (await probe.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("imported");
            server.Admin.Count("kms", "ImportKeyMaterial").ShouldBe(Imports);

            var planted = SecretForms.Of(control);
            var sought = materials.SelectMany(SecretForms.Of).ToList();
            var (bytes, hits) = ProcessMemory.Search(probe.Id, [.. planted, .. sought]);
            output.WriteLine(
                $"{bytes >> 20} MiB searched for {Imports} materials in {planted.Count} forms each: "
                    + $"{hits.Skip(planted.Count).Sum()} hits; the control: "
                    + $"{string.Join(' ', hits.Take(planted.Count))}");
            hits.Take(planted.Count)
                .ShouldAllBe(count => count > 0, "the search does not find what is there on purpose");
            hits.Skip(planted.Count).Sum().ShouldBe(0);
        }
        finally
        {
            probe.Kill();
            await probe.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(Uri endpoint) => Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "materialprobe"),
        [endpoint.ToString(), LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret,
            LocalCloudAccounts.OperatorRole, $"{Imports}"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
