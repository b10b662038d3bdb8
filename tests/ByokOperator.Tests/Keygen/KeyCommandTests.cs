using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Byok.Material;
using ByokOperator.Keys;
using ByokOperator.Tests.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keygen;

/// <summary><c>byok-operator key</c> as a tenant runs it: a process of its own, with files,
/// pipes and exit codes.</summary>
public sealed class KeyCommandTests : IDisposable
{
    private readonly Workbench bench = new();

    [Fact]
    public void Generate_makes_a_file_that_opens_and_prints_the_hash_alone()
    {
        var ran = bench.Tool("key", "generate", "-k", Workbench.PublicKey);
        ran.Code.ShouldBe(0, ran.Error);
        ran.Text.Length.ShouldBe(44);
        ran.Error.ShouldContain("Key Hash:");
        ran.Error.ShouldContain("No backup was made");
        bench.ShouldOpen("encrypted_secret.bin", ran.Text);
        Files().ShouldBe([Workbench.PublicKey, "encrypted_secret.bin", "password"], ignoreOrder: true);
    }

    [Fact]
    public void Each_generated_secret_is_another()
    {
        var one = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "-o", "one");
        var other = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "-o", "other");
        one.Text.ShouldNotBe(other.Text);
    }

    [Fact]
    public void What_is_written_is_for_its_owner_alone()
    {
        bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
            "password").Code.ShouldBe(0);
        bench.ShouldBePrivate("encrypted_secret.bin");
        bench.ShouldBePrivate("backup");
    }

    [Fact]
    public void A_backup_holds_the_secret_and_wraps_it_anew()
    {
        var made = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
            "password");
        made.Code.ShouldBe(0, made.Error);
        var again = bench.Tool("key", "wrap", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
            "password", "-o", "again.bin");
        again.Code.ShouldBe(0, again.Error);
        again.Text.ShouldBe(made.Text);
        bench.Read("again.bin").ShouldNotBe(bench.Read("encrypted_secret.bin"));
        bench.ShouldOpen("again.bin", made.Text);
        bench.Tool("key", "hash", "--backup", "backup", "--password-file", "password").Text.ShouldBe(made.Text);
    }

    [Fact]
    public void The_fingerprint_of_a_key_hash_is_what_the_operator_calls_its_secret_and_nonsense_is_refused()
    {
        using var material = KeyMaterial.CopyOf(RandomNumberGenerator.GetBytes(32));
        bench.Tool("key", "fingerprint", material.HashText()).Text.ShouldBe(UploadReader.FingerprintOf(material));
        bench.Tool("key", "fingerprint", "nonsense").Code.ShouldBe(1);
    }

    [Fact]
    public void The_plaintext_is_in_no_file_and_in_no_word_that_is_said()
    {
        var made = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
            "password");
        var secret = bench.ReadBackupByOpenssl("backup");
        Workbench.HashOf(secret).ShouldBe(made.Text);
        bench.Put("wrong", "another password\n");
        var refused = bench.Tool("key", "wrap", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
            "wrong", "--force");
        refused.Code.ShouldBe(1);
        bench.ShouldHoldNothingOf(secret, made.Text, made.Error, refused.Text, refused.Error);
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("base64")]
    [InlineData("hex")]
    [InlineData("upper-case hex")]
    public void Wrap_takes_a_secret_from_a_pipe_in_any_form(string form)
    {
        var secret = Platform.Secret();
        var input = form switch
        {
            "raw" => secret,
            "base64" => Encoding.ASCII.GetBytes(Convert.ToBase64String(secret) + "\n"),
            "hex" => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret) + "\r\n"),
            _ => Encoding.ASCII.GetBytes(Convert.ToHexString(secret)),
        };
        var ran = bench.Tool(input, "key", "wrap", "-k", Workbench.PublicKey);
        ran.Code.ShouldBe(0, ran.Error);
        ran.Text.ShouldBe(Workbench.HashOf(secret));
        bench.ShouldOpen("encrypted_secret.bin", ran.Text);
        bench.Tool(input, "key", "hash").Text.ShouldBe(ran.Text);
        bench.ShouldHoldNothingOf(secret, ran.Text, ran.Error);
    }

    [Fact]
    public void Legacy_wrapping_opens_by_consent_alone()
    {
        var ran = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--legacy-sha1");
        bench.ShouldOpen("encrypted_secret.bin", ran.Text, legacy: true);
        Platform.Open(bench.Read("encrypted_secret.bin"), ran.Text)
            .ShouldBeOfType<Byok.Material.OpenedMaterial.Refused>();
    }

    [Theory]
    [InlineData(0, "gave 0 bytes")]
    [InlineData(16, "gave 16 bytes")]
    [InlineData(31, "gave 31 bytes")]
    [InlineData(33, "gave 33 bytes")]
    [InlineData(64, "gave 64 bytes")]
    [InlineData(100_000, "more than enough")]
    public void A_secret_of_another_length_is_refused_before_it_is_wrapped(int length, string words) =>
        ShouldRefuse(bench.Tool(RandomNumberGenerator.GetBytes(length), "key", "wrap", "-k", Workbench.PublicKey),
            words);

    [Fact]
    public void A_weak_secret_is_refused_before_it_is_wrapped() =>
        ShouldRefuse(bench.Tool(new byte[32], "key", "wrap", "-k", Workbench.PublicKey), "no random key");

    [Fact]
    public void A_wrapped_file_is_replaced_by_force_alone()
    {
        bench.Put("encrypted_secret.bin", "precious");
        ShouldRefuse(bench.Tool("key", "generate", "-k", Workbench.PublicKey), "--force", written: true);
        bench.Read("encrypted_secret.bin").ShouldBe("precious"u8.ToArray());
        var forced = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--force");
        forced.Code.ShouldBe(0, forced.Error);
        bench.ShouldOpen("encrypted_secret.bin", forced.Text);
    }

    [Fact]
    public void A_backup_is_never_replaced()
    {
        bench.Put("backup", "precious");
        ShouldRefuse(
            bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--force", "--backup", "backup", "--password-file",
                "password"), "never replaced");
        bench.Read("backup").ShouldBe("precious"u8.ToArray());
    }

    [Theory]
    [InlineData("same", "same")]
    [InlineData("same", "./same")]
    public void A_wrapped_file_never_takes_the_place_of_its_backup(string wrapped, string backup)
    {
        var ran = bench.Tool("key", "generate", "-k", Workbench.PublicKey, "-o", wrapped, "--force", "--backup", backup,
            "--password-file", "password");
        ran.Code.ShouldBe(2, ran.Error);
        ran.Error.ShouldContain("same file");
        File.Exists(bench.PathTo("same")).ShouldBeFalse();
    }

    [Fact]
    public void An_empty_file_name_is_one_line() =>
        ShouldRefuse(bench.Tool("key", "generate", "-k", Workbench.PublicKey, "-o", ""), "empty");

    [Theory]
    [InlineData("", "password is empty")]
    [InlineData("\n", "password is empty")]
    [InlineData("a good long password\r\n", "carriage return")]
    public void A_password_that_openssl_would_read_otherwise_is_refused(string password, string words)
    {
        bench.Put("password", password);
        ShouldRefuse(
            bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--backup", "backup", "--password-file",
                "password"), words);
    }

    [Fact]
    public void Without_a_terminal_a_password_comes_from_a_file() =>
        ShouldRefuse(bench.Tool("key", "generate", "-k", Workbench.PublicKey, "--backup", "backup"), "--password-file");

    [Fact]
    public void A_place_that_cannot_be_written_is_one_line() =>
        ShouldRefuse(bench.Tool("key", "generate", "-k", Workbench.PublicKey, "-o", "no/such/folder/secret.bin"),
            "no/such/folder");

    [Fact]
    public void A_certificate_serves_as_well()
    {
        bench.Put("certificate.crt", Certificate(DateTimeOffset.UtcNow.AddDays(1)).ExportCertificatePem());
        bench.Put("certificate.der", Certificate(DateTimeOffset.UtcNow.AddDays(1)).RawData);
        foreach (var name in new[] { "certificate.crt", "certificate.der" })
        {
            var ran = bench.Tool("key", "generate", "-k", name, "--force");
            ran.Code.ShouldBe(0, ran.Error);
            bench.ShouldOpen("encrypted_secret.bin", ran.Text);
        }
    }

    [Fact]
    public void Every_form_of_a_public_key_serves()
    {
        bench.Put("pkcs1.pem", Platform.CurrentPair.ExportRSAPublicKeyPem());
        bench.Put("spki.der", Platform.CurrentPair.ExportSubjectPublicKeyInfo());
        bench.Put("crlf.pem", Platform.Current.PublicKeyPem.ReplaceLineEndings("\r\n"));
        foreach (var name in new[] { "pkcs1.pem", "spki.der", "crlf.pem" })
        {
            var ran = bench.Tool("key", "generate", "-k", name, "--force");
            ran.Code.ShouldBe(0, ran.Error);
            bench.ShouldOpen("encrypted_secret.bin", ran.Text);
        }
    }

    [Fact]
    public void A_file_that_is_no_public_key_is_named_with_its_mend()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var small = RSA.Create(1024);
        bench.Put("private.pem", Platform.CurrentPair.ExportPkcs8PrivateKeyPem());
        bench.Put("curve.pem", curve.ExportSubjectPublicKeyInfoPem());
        bench.Put("small.pem", small.ExportSubjectPublicKeyInfoPem());
        bench.Put("expired.crt", Certificate(DateTimeOffset.UtcNow.AddDays(-1)).ExportCertificatePem());
        bench.Put("cut.pem", Platform.Current.PublicKeyPem[..300]);
        bench.Put("empty.pem", "");
        bench.Put("large.pem", new byte[100_000]);
        bench.Put("words.pem", "the key is attached");
        (string File, string Words)[] cases =
        [
            ("private.pem", "holds a private key"), ("curve.pem", "no RSA public key"), ("small.pem", "1024 bits"),
            ("expired.crt", "expired on"),
            ("cut.pem", "no RSA public key"), ("empty.pem", "is empty"), ("large.pem", "too large"),
            ("words.pem", "no RSA public key"), ("missing.pem", "missing.pem"),
        ];
        foreach (var (file, words) in cases)
        {
            ShouldRefuse(bench.Tool("key", "generate", "-k", file), words);
        }
    }

    public void Dispose() => bench.Dispose();

    internal static X509Certificate2 Certificate(DateTimeOffset until) =>
        new CertificateRequest("CN=region", Platform.CurrentPair, HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1).CreateSelfSigned(until.AddDays(-10), until);

    private IEnumerable<string?> Files() => Directory.EnumerateFiles(bench.Folder).Select(Path.GetFileName);

    private void ShouldRefuse(Ran ran, string words, bool written = false)
    {
        ran.Code.ShouldBe(1, ran.Error);
        ran.Output.ShouldBeEmpty();
        ran.Error.Trim().ShouldNotContain("\n");
        ran.Error.ShouldStartWith("byok-operator key: ");
        ran.Error.ShouldContain(words);
        File.Exists(bench.PathTo("encrypted_secret.bin")).ShouldBe(written);
        Files().ShouldAllBe(name => !name!.EndsWith(".part", StringComparison.Ordinal));
    }
}
