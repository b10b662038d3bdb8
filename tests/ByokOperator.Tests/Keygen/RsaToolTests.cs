using System.Security.Cryptography;
using System.Text;
using Byok.Material;
using ByokOperator.Tests.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keygen;

/// <summary>RSA keys for vaults: made, wrapped and hashed by the tool, opened by the platform,
/// read by plain openssl.</summary>
public sealed class RsaToolTests : IDisposable
{
    private static readonly string[] Kept = ["--backup", "backup", "--password-file", "password"];

    private readonly Workbench bench = new();

    public RsaToolTests() => Assert.SkipUnless(Workbench.Has("openssl"), "needs openssl on the path");

    [Fact]
    public void What_the_tool_made_opens_and_its_backup_is_the_same_key()
    {
        var made = bench.Tool(["key", "generate", "--rsa", "2048", "-k", Workbench.PublicKey, .. Kept]);
        made.Code.ShouldBe(0, made.Error);
        var opened = Opened("encrypted_secret.bin", made.Text);

        made.Error.ShouldContain("openssl pkey -in backup");
        bench.ShouldBePrivate("backup");
        var kept = bench.Openssl([], "pkey", "-in", "backup", "-passin", "file:password", "-outform", "DER");
        HashByOpenssl(kept.Output).ShouldBe(made.Text);
        bench.ShouldHoldNothingOf(opened, made.Text, made.Error);
        bench.Tool(["key", "hash", "--rsa", .. Kept]).Text.ShouldBe(made.Text);

        var again = bench.Tool(["key", "wrap", "--rsa", "-k", Workbench.PublicKey, "-o", "again", .. Kept]);
        again.Text.ShouldBe(made.Text, again.Error);
        Opened("again", made.Text);
    }

    [Theory]
    [InlineData("PEM", false)]
    [InlineData("DER", false)]
    [InlineData("PEM", true)]
    public void What_openssl_made_is_wrapped(string form, bool isTraditional)
    {
        var key = bench.Openssl(TenantRsa.Usual.ExportPkcs8PrivateKey(),
            ["pkey", "-inform", "DER", "-outform", form, .. isTraditional ? (string[])["-traditional"] : []]).Output;
        var ran = bench.Tool(key, "key", "wrap", "--rsa", "-k", Workbench.PublicKey);
        ran.Code.ShouldBe(0, ran.Error);
        ran.Text.ShouldBe(HashByOpenssl(TenantRsa.Usual.ExportPkcs8PrivateKey()));
        Opened("encrypted_secret.bin", ran.Text);
    }

    [Fact]
    public void Openssl_opens_what_the_tool_wrapped_and_the_platform_what_openssl_did()
    {
        var key = TenantRsa.Usual.ExportPkcs8PrivateKey();
        bench.Tool(key, "key", "wrap", "--rsa", "-k", Workbench.PublicKey).Code.ShouldBe(0);
        var wrapped = bench.Read("encrypted_secret.bin");
        var block = Platform.CurrentPair.KeySize / 8;
        bench.Put("first", wrapped[..block]);
        var between = Convert.ToHexString(bench.UnwrapByOpenssl("first"));
        var plain = bench.Openssl(wrapped[block..], "enc", "-d", "-id-aes256-wrap-pad", "-K", between, "-iv",
            "A65959A6").Output;
        HashByOpenssl(plain).ShouldBe(HashByOpenssl(key));

        var second = bench.Openssl(key, "enc", "-id-aes256-wrap-pad", "-K", between, "-iv", "A65959A6").Output;
        bench.Put("upload", [.. wrapped[..block], .. second]);
        Opened("upload", HashByOpenssl(key));
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(4096)]
    public void What_the_script_made_opens_and_the_tool_reads_its_backup(int bits)
    {
        var made = bench.Script(Workbench.Rsa, [Workbench.PublicKey, "--bits", $"{bits}", .. Kept]);
        made.Code.ShouldBe(0, made.Error);
        made.Error.ShouldContain("3/3 wrote encrypted_secret.bin");
        var opened = Opened("encrypted_secret.bin", made.Text);
        bench.ShouldBePrivate("backup");
        bench.ShouldBePrivate("encrypted_secret.bin");
        bench.ShouldHoldNothingOf(opened, made.Text, made.Error);

        bench.Tool(["key", "hash", "--rsa", .. Kept]).Text.ShouldBe(made.Text.Trim());
        var again = bench.Tool(["key", "wrap", "--rsa", "-k", Workbench.PublicKey, "-o", "again", .. Kept]);
        again.Code.ShouldBe(0, again.Error);
        Opened("again", made.Text);
    }

    [Theory]
    [InlineData("--bits 1024", "2048, 3072 or 4096")]
    [InlineData("--backup backup", "--backup needs --password-file")]
    [InlineData("--backup encrypted_secret.bin --password-file password", "name the same file")]
    [InlineData("--backup password --password-file password", "never replaced")]
    [InlineData("--out password", "exists already")]
    public void The_script_refuses_before_there_is_a_key(string options, string said)
    {
        var ran = bench.Script(Workbench.Rsa, [Workbench.PublicKey, .. options.Split(' ')]);
        ran.Code.ShouldNotBe(0);
        ran.Error.ShouldContain(said);
        Directory.EnumerateFiles(bench.Folder).Count().ShouldBe(2, "the public key and the password");
    }

    [Fact]
    public void The_script_takes_no_key_that_is_none()
    {
        bench.Put("junk", "not a key");
        bench.Script(Workbench.Rsa, "junk").Error.ShouldContain("no readable RSA public key");
        bench.Put("private", Platform.CurrentPair.ExportPkcs8PrivateKeyPem());
        bench.Script(Workbench.Rsa, "private").Error.ShouldContain("holds a private key");
        bench.Script(Workbench.Rsa, "nowhere").Error.ShouldContain("can't be read");
    }

    [Theory]
    [InlineData("key, generate, --rsa, 1024", "has 2048, 3072 or 4096 bits")]
    [InlineData("key, generate, --rsa, 3000", "has 2048, 3072 or 4096 bits")]
    public void A_size_out_of_use_is_refused(string arguments, string said)
    {
        var ran = bench.Tool([.. arguments.Split(", "), "-k", Workbench.PublicKey]);
        ran.Code.ShouldNotBe(0);
        ran.Error.ShouldContain(said);
        File.Exists(bench.PathTo("encrypted_secret.bin")).ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_RSA_private_key_is_refused_with_the_mend()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(Encoding.ASCII.GetBytes(curve.ExportPkcs8PrivateKeyPem())).ShouldContain("RSA private key");
        Refused(TenantRsa.Of(1024).ExportPkcs8PrivateKey()).ShouldContain("1024 bits");
        Refused(Encoding.ASCII.GetBytes(TenantRsa.Usual.ExportSubjectPublicKeyInfoPem()))
            .ShouldContain("public key alone");
        Refused(Platform.Secret()).ShouldContain("RSA private key");
        bench.Put("backup", "Salted__");
        bench.Tool(["key", "hash", "--rsa", .. Kept]).Error.ShouldContain("does not open backup");
    }

    public void Dispose() => bench.Dispose();

    private string Refused(byte[] input)
    {
        var ran = bench.Tool(input, "key", "wrap", "--rsa", "-k", Workbench.PublicKey);
        ran.Code.ShouldNotBe(0);
        File.Exists(bench.PathTo("encrypted_secret.bin")).ShouldBeFalse();
        return ran.Error;
    }

    /// <summary>The prime that a search for the key would find.</summary>
    private byte[] Opened(string name, string keyHash)
    {
        using var material = MaterialOpener.Open(Platform.Keys, bench.Read(name), keyHash, allowLegacyWrapping: false,
            MaterialKind.RsaPrivate)
            .ShouldBeOfType<OpenedMaterial.Opened>().Material;
        material.HashText().ShouldBe(keyHash.Trim());
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(material.Bytes, out _);
        return key.ExportParameters(includePrivateParameters: true).P!;
    }

    private string HashByOpenssl(byte[] pkcs8)
    {
        var open = bench.Openssl(pkcs8, "pkey", "-inform", "DER", "-pubout", "-outform", "DER").Output;
        return Convert.ToBase64String(SHA256.HashData(open));
    }
}
