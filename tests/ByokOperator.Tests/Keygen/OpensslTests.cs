using System.Security.Cryptography;
using System.Text;
using ByokOperator.Tests.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keygen;

/// <summary>Files go from our tool to plain openssl and back.</summary>
public sealed class OpensslTests : IDisposable
{
    private readonly Workbench bench = new();

    public OpensslTests() => Assert.SkipUnless(Workbench.Has("openssl"), "needs openssl on the path");

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha1")]
    public void Openssl_opens_what_the_tool_wrapped(string digest)
    {
        var secret = Platform.Secret();
        var ran = bench.Tool(secret,
            ["key", "wrap", "-k", Workbench.PublicKey,
                .. Enumerable.Repeat("--legacy-sha1", digest == "sha1" ? 1 : 0)]);
        ran.Code.ShouldBe(0, ran.Error);
        bench.UnwrapByOpenssl("encrypted_secret.bin", digest).ShouldBe(secret);
    }

    [Theory]
    [InlineData("sha256", false)]
    [InlineData("sha1", true)]
    public void The_platform_opens_what_openssl_wrapped(string digest, bool legacy)
    {
        var secret = Platform.Secret();
        bench.Openssl(secret, "pkeyutl", "-encrypt", "-pubin", "-inkey", Workbench.PublicKey, "-pkeyopt",
            "rsa_padding_mode:oaep", "-pkeyopt", $"rsa_oaep_md:{digest}", "-pkeyopt", $"rsa_mgf1_md:{digest}", "-out",
            "wrapped").Code.ShouldBe(0);
        bench.ShouldOpen("wrapped", Workbench.HashOf(secret), legacy);
        bench.Tool("key", "verify", "wrapped", "-k", Workbench.PublicKey, "--key-hash", Workbench.HashOf(secret)).Code
            .ShouldBe(0);
    }

    [Fact]
    public void The_platform_opens_what_the_older_rsautl_wrapped_in_base64()
    {
        var secret = Platform.Secret();
        var wrapped = bench.Openssl(secret, "rsautl", "-encrypt", "-oaep", "-inkey", Workbench.PublicKey, "-pubin");
        bench.Put("upload", bench.Openssl(wrapped.Output, "base64").Output);
        bench.ShouldOpen("upload", Workbench.HashOf(secret), legacy: true);
    }

    [Fact]
    public void Openssl_hashes_as_the_tool_does()
    {
        var secret = Platform.Secret();
        var digest = bench.Openssl(secret, "dgst", "-sha256", "-binary");
        bench.Openssl(digest.Output, "base64", "-A").Text.ShouldBe(bench.Tool(secret, "key", "hash").Text);
    }

    [Fact]
    public void Openssl_reads_the_backup_by_the_command_that_is_printed()
    {
        var made = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
            "password");
        made.Error.ShouldContain("openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -in backup");
        Workbench.HashOf(bench.ReadBackupByOpenssl("backup")).ShouldBe(made.Text);
    }

    [Theory]
    [InlineData("-pbkdf2 -iter 600000")]
    [InlineData("-pbkdf2")]
    [InlineData("-md sha256")]
    [InlineData("-md sha1")]
    [InlineData("-md md5")]
    [InlineData("-pbkdf2 -a")]
    [InlineData("-md sha1 -a")]
    public void The_tool_reads_backups_however_openssl_made_them(string options)
    {
        var secret = Platform.Secret();
        bench.Openssl(secret,
            ["enc", "-aes-256-cbc", .. options.Split(' '), "-pass", "file:password", "-out", "backup"]).Code
                .ShouldBe(0);
        var ran = bench.Tool("key", "hash", "--backup", "backup", "--password-file", "password");
        ran.Code.ShouldBe(0, ran.Error);
        ran.Text.ShouldBe(Workbench.HashOf(secret));
    }

    [Fact]
    public void A_password_of_letters_beyond_ascii_is_the_same_to_both()
    {
        bench.Put("password", "Schlüssel für Anfänger 鍵 🗝\n");
        var made = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
            "password");
        Workbench.HashOf(bench.ReadBackupByOpenssl("backup")).ShouldBe(made.Text);
    }

    [Fact]
    public void Openssl_and_we_call_a_public_key_by_the_same_fingerprint()
    {
        var der = bench.Openssl([], "pkey", "-pubin", "-in", Workbench.PublicKey, "-outform", "DER");
        Convert.ToHexStringLower(SHA256.HashData(der.Output)).ShouldBe(Platform.Current.Fingerprint);
    }

    public void Dispose() => bench.Dispose();
}
