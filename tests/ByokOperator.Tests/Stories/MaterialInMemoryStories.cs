using System.Security.Cryptography;
using System.Text;
using ByokOperator.Api;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Importing;
using Kube.Core;
using MaterialProbe;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>Law 11 at the operator: once a secret is imported, its process holds nothing of it.</summary>
public sealed class MaterialInMemoryStories(ITestOutputHelper output)
{
    /// <summary>As late as the promise says; a shorter wait would ask for more.</summary>
    private static readonly TimeSpan afterImport = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_core_dump_of_the_operator_half_a_minute_after_an_import_holds_nothing_of_the_secret()
    {
        Assert.SkipUnless(CoreDump.CanBeTaken, "the runtime has no createdump here");
        var kubeconfig = Path.GetTempFileName();
        var control = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 32));
        OperatorProcess? operating = null;
        try
        {
            await using var tenant = await Tenant.MoveInWithAsync(stage =>
            {
                File.WriteAllText(kubeconfig, stage.Server!.KubeconfigFor(Quickstart.Stage.OperatorAccount));
                operating = OperatorProcess.Start(stage.Cloud, Planted(control), "run", "--kubeconfig", kubeconfig,
                    "--listen", "127.0.0.1:0", "--image", "embedded");
            });
            await PlantAsync(tenant, control);
            var secret = RandomNumberGenerator.GetBytes(32);
            await tenant.UploadAsync(secret);
            await tenant.ApplyImportedKeyAsync(KeyStates.Active, "", Quickstart.Stage.Region, "eu-central-1");
            await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Usable" && key.Status.Keys!.Count == 2);
            tenant.Cloud.Count("kms", "ImportKeyMaterial").ShouldBe(2);

            await Task.Delay(afterImport, TestContext.Current.CancellationToken);
            operating!.HasExited.ShouldBeFalse();
            await Searched.NothingAsync(operating.Id, control, [secret], output);
        }
        finally
        {
            operating?.Dispose();
            File.Delete(kubeconfig);
        }
    }

    /// <summary>An environment stays in a process's memory as the bytes that it was given.</summary>
    private static Dictionary<string, string> Planted(byte[] control) =>
        Forms(control).Select((form, index) => (form, index))
            .ToDictionary(one => $"PLANTED_{one.index}", one => one.form);

    /// <summary>What watches keep stands on the collected heap, in strings.</summary>
    private static async Task PlantAsync(Tenant tenant, byte[] control) =>
        await tenant.Stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta
                {
                    Name = "control",
                    Namespace = Tenant.Namespace,
                    Annotations = Forms(control).Select((form, index) => (form, index))
                        .ToDictionary(one => $"example.com/planted-{one.index}", one => one.form),
                },
                Spec = new TenantEncryptionKeySpec
                {
                    AwsKms = new AwsKmsSource
                    {
                        Keys = [new AwsKmsKey { Region = Quickstart.Stage.Region, Arn = tenant.KeyArn }],
                    },
                },
            },
            "test", CancellationToken.None);

    private static IEnumerable<string> Forms(byte[] control) =>
        SecretForms.Of(control).Where(form => !form.Contains((byte)0)).Select(Encoding.ASCII.GetString).Distinct();
}
