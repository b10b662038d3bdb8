using System.Security.Cryptography;
using System.Text;
using ByokOperator.Tests.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keygen;

public sealed class VerifyTests : IDisposable
{
    private readonly Workbench bench = new();
    private readonly string hash;

    public VerifyTests()
    {
        var made = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
            "password");
        made.Code.ShouldBe(0, made.Error);
        hash = made.Text;
    }

    [Fact]
    public void What_was_just_made_is_found_good()
    {
        var ran = Verify(hash, "--backup", "backup", "--password-file", "password");
        ran.Code.ShouldBe(0, ran.Error);
        ran.Text.ShouldContain(Platform.Current.Fingerprint);
        ran.Text.ShouldContain("backup: holds the secret");
        ran.Text.ShouldContain("not checked");
    }

    [Fact]
    public void Its_base64_is_found_good_too()
    {
        bench.Put("encrypted_secret.bin",
            Convert.ToBase64String(bench.Read("encrypted_secret.bin"), Base64FormattingOptions.InsertLineBreaks));
        Verify(hash).Code.ShouldBe(0);
    }

    [Fact]
    public void A_file_cut_short_is_told()
    {
        bench.Put("encrypted_secret.bin", bench.Read("encrypted_secret.bin")[..500]);
        ShouldRefuse(Verify(hash), "the upload 500");
    }

    [Fact]
    public void A_file_above_the_modulus_was_wrapped_with_another_key()
    {
        bench.Put("encrypted_secret.bin", Enumerable.Repeat((byte)0xFF, 512).ToArray());
        ShouldRefuse(Verify(hash), "not wrapped with this public key");
    }

    [Fact]
    public void The_hash_of_the_file_is_told() =>
        ShouldRefuse(Verify(Workbench.HashOf(bench.Read("encrypted_secret.bin"))), "must be that of the secret");

    [Fact]
    public void A_hash_in_hex_is_told() =>
        ShouldRefuse(Verify(Convert.ToHexString(Convert.FromBase64String(hash))), "hexadecimal");

    [Fact]
    public void The_hash_of_another_secret_is_told_by_the_backup() =>
        ShouldRefuse(Verify(Workbench.HashOf(Platform.Secret()), "--backup", "backup", "--password-file", "password"),
            "not that of the secret in backup");

    [Fact]
    public void A_missing_file_is_told()
    {
        File.Delete(bench.PathTo("encrypted_secret.bin"));
        ShouldRefuse(Verify(hash), "encrypted_secret.bin");
    }

    [Theory]
    [InlineData("Salted__", "has 8 bytes")]
    [InlineData("Hello", "no backup")]
    [InlineData("", "no backup")]
    public void A_backup_that_is_none_is_told(string content, string words)
    {
        bench.Put("backup", content);
        ShouldRefuse(Verify(hash, "--backup", "backup", "--password-file", "password"), words);
    }

    [Fact]
    public void A_backup_with_a_flipped_bit_is_told_by_its_hash_or_its_padding()
    {
        var backup = bench.Read("backup");
        for (var at = 16; at < backup.Length; at += 15)
        {
            var damaged = (byte[])backup.Clone();
            damaged[at] ^= 4;
            bench.Put("damaged", damaged);
            Verify(hash, "--backup", "damaged", "--password-file", "password").Code.ShouldBe(1, $"byte {at}");
        }
    }

    public void Dispose() => bench.Dispose();

    private Ran Verify(string keyHash, params string[] more) =>
        bench.Tool(["key", "verify", "-k", Workbench.PublicKey, "--key-hash", keyHash, .. more]);

    private static void ShouldRefuse(Ran ran, string words)
    {
        ran.Code.ShouldBe(1, ran.Error);
        ran.Error.Trim().ShouldNotContain("\n");
        ran.Error.ShouldContain(words);
    }
}
