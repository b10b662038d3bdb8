using System.Security.Cryptography;
using System.Text;
using Byok.Import.Wrapping;
using Byok.Material;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Tests.Hosting;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What is judged before, and beside, the opening itself.</summary>
public sealed class UploadReaderTests
{
    [Fact]
    public async Task Nothing_handed_over_is_no_refusal()
    {
        await using var lookout = await Lookout.StartAsync();
        (await LookAsync(lookout)).ShouldBeOfType<Upload.Absent>().Version.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_secret_wrapped_for_the_platform_needs_its_hash()
    {
        await using var lookout = await Lookout.StartAsync();
        await HandOverAsync(lookout, null);
        (await LookAsync(lookout)).ShouldBeOfType<Upload.Refused>().Code.ShouldBe(RefusalCodes.HashMissing);
    }

    [Fact]
    public async Task Where_no_wrapping_key_is_left_nothing_can_be_opened()
    {
        await using var lookout = await Lookout.StartAsync();
        await HandOverAsync(lookout, Convert.ToBase64String(SHA256.HashData([1])));
        (await LookAsync(lookout)).ShouldBeOfType<Upload.Refused>().Code.ShouldBe(RefusalCodes.WrappingKeyExpired);
    }

    [Fact]
    public async Task Another_writing_of_the_Secret_is_another_upload()
    {
        await using var lookout = await Lookout.StartAsync();
        await HandOverAsync(lookout, null);
        var first = await LookAsync(lookout);
        (await LookAsync(lookout)).Version.ShouldBe(first.Version);
        await HandOverAsync(lookout, "bm8=");
        (await LookAsync(lookout)).Version.ShouldNotBe(first.Version);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"schema_version":"2.0.0"}""")]
    [InlineData(
        """{"schema_version":"1.0.0","header":{"kid":"https://v.vault.azure.net/keys/k/0","alg":"dir","enc":"A256GCM"},"ciphertext":"AA"}""")]
    public async Task A_transfer_blob_that_can_t_be_passed_on_is_refused_and_only_where_a_vault_is_meant(string blob)
    {
        await using var lookout = await Lookout.StartAsync();
        await HandOverAsync(lookout, "bm8=", Encoding.ASCII.GetBytes(blob));
        var intoVault =
            new ImportedSource { Azure = new AzureImport { VaultUri = "https://v.vault.azure.net", KeyName = "k" } };
        (await LookAsync(lookout, intoVault)).ShouldBeOfType<Upload.Refused>().Code
            .ShouldBe(RefusalCodes.TransferBlobInvalid);
        (await LookAsync(lookout)).ShouldBeOfType<Upload.Refused>().Code.ShouldNotBe(RefusalCodes.TransferBlobInvalid);
    }

    private static async Task<Upload> LookAsync(Lookout lookout, ImportedSource? source = null)
    {
        var key = new TenantEncryptionKey
        {
            Metadata = new ObjectMeta { Name = "key", Namespace = Lookout.Namespace },
            Spec = new() { Imported = source ?? new ImportedSource() },
        };
        var seen = await new UploadReader(lookout.Around, new NoKeys(), requests: null!).LookAsync(key,
            lookout.Around.FactReader.At(CancellationToken.None));
        seen.Blindness.ShouldBeNull();
        return seen.ForDisplay()!;
    }

    private static async Task HandOverAsync(Lookout lookout, string? hash, byte[]? wrapped = null)
    {
        var data = new Dictionary<string, byte[]> { ["wrappedKey"] = wrapped ?? new byte[512] };
        if (hash is not null)
        {
            data["keyHash"] = Encoding.ASCII.GetBytes(hash);
        }

        await lookout.Kube.Api<Secret>()
            .ApplyAsync(
                new Secret
                {
                    Metadata = new ObjectMeta { Name = "key-import", Namespace = Lookout.Namespace },
                    Data = data,
                }, "test", CancellationToken.None);
    }

    /// <summary>A platform whose wrapping keys have all gone.</summary>
    private sealed class NoKeys : IWrappingKeys
    {
        public Task<IReadOnlyList<WrappingKey>> OpenersAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<WrappingKey>>([]);
    }
}
