using System.Security.Cryptography;
using System.Text;
using ByokOperator.Api;
using ByokOperator.Importing.Wrapping;
using ByokOperator.Keys;
using ByokOperator.Material;
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

    private static async Task<Upload> LookAsync(Lookout lookout)
    {
        var key = new TenantEncryptionKey { Metadata = new ObjectMeta { Name = "key", Namespace = Lookout.Namespace }, Spec = new() { Imported = new ImportedSource() } };
        var seen = await new UploadReader(lookout.Around, new NoKeys(), requests: null!).LookAsync(key, CancellationToken.None);
        seen.Blindness.ShouldBeNull();
        return seen.ForDisplay()!;
    }

    private static async Task HandOverAsync(Lookout lookout, string? hash)
    {
        var data = new Dictionary<string, byte[]> { ["wrappedKey"] = new byte[512] };
        if (hash is not null)
        {
            data["keyHash"] = Encoding.ASCII.GetBytes(hash);
        }

        await lookout.Kube.Api<Secret>().ApplyAsync(new Secret { Metadata = new ObjectMeta { Name = "key-import", Namespace = Lookout.Namespace }, Data = data }, "test", CancellationToken.None);
    }

    /// <summary>A platform whose wrapping keys have all gone.</summary>
    private sealed class NoKeys : IWrappingKeys
    {
        public Task<IReadOnlyList<WrappingKey>> OpenersAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<WrappingKey>>([]);
    }
}
