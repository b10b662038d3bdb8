using ByokOperator.Tests.Keygen;
using ByokOperator.Tests.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Examples;

/// <summary>The scripts in <c>examples/keygen</c>, run by bash with real openssl. BYOK_TEST_OPENSSLS names further
/// openssl programs, with a colon between.</summary>
public sealed class KeygenScriptTests : IDisposable
{
    private readonly Workbench bench = new();

    public KeygenScriptTests() =>
        Assert.SkipUnless(Workbench.Has("openssl") && Workbench.Has("bash"), "needs bash and openssl on the path");

    public static TheoryData<string> Scripts => [Workbench.Linux, Workbench.MacOs];

    public static TheoryData<string, string> ScriptsAndOpenssls
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (var openssl in (Environment.GetEnvironmentVariable("BYOK_TEST_OPENSSLS") ?? "")
                .Split(':', StringSplitOptions.RemoveEmptyEntries).Prepend("openssl"))
            {
                rows.Add(Workbench.Linux, openssl);
                rows.Add(Workbench.MacOs, openssl);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(ScriptsAndOpenssls))]
    public void As_the_vendor_documents_it_the_script_writes_the_file_and_prints_the_hash(string script, string openssl)
    {
        var ran = Run(openssl, script, Workbench.PublicKey);
        ran.Code.ShouldBe(0, ran.Error);
        ran.Text.Length.ShouldBe(44);
        ran.Error.ShouldEndWith("Key Hash:\n");
        bench.ShouldOpen("encrypted_secret.bin", ran.Text);
        Workbench.HashOf(bench.UnwrapByOpenssl("encrypted_secret.bin")).ShouldBe(ran.Text);
        bench.Tool("key", "verify", "-k", Workbench.PublicKey, "--key-hash", ran.Text).Code.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(ScriptsAndOpenssls))]
    public void A_backup_is_read_by_the_tool_and_by_openssl_and_nothing_plain_is_left(string script, string openssl)
    {
        var ran = Run(openssl, script, Workbench.PublicKey, "--backup", "backup", "--password-file", "password");
        ran.Code.ShouldBe(0, ran.Error);
        var secret = bench.ReadBackupByOpenssl("backup");
        Workbench.HashOf(secret).ShouldBe(ran.Text);
        bench.Tool("key", "hash", "--backup", "backup", "--password-file", "password").Text.ShouldBe(ran.Text);
        bench.ShouldOpen("encrypted_secret.bin", ran.Text);
        bench.ShouldHoldNothingOf(secret, ran.Text, ran.Error);
    }

    [Theory]
    [MemberData(nameof(ScriptsAndOpenssls))]
    public void Legacy_wrapping_is_that_of_the_printed_samples(string script, string openssl)
    {
        var ran = Run(openssl, script, Workbench.PublicKey, "--legacy-sha1");
        ran.Code.ShouldBe(0, ran.Error);
        bench.ShouldOpen("encrypted_secret.bin", ran.Text, legacy: true);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_certificate_serves_as_well(string script)
    {
        bench.Put("region.crt",
            KeyCommandTests.Certificate(DateTimeOffset.UtcNow.AddDays(1)).ExportCertificatePem()
                .ReplaceLineEndings("\r\n"));
        var ran = bench.Script(script, "region.crt");
        ran.Code.ShouldBe(0, ran.Error);
        bench.ShouldOpen("encrypted_secret.bin", ran.Text);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void What_is_written_is_for_its_owner_alone(string script)
    {
        bench.Script(script, Workbench.PublicKey, "--backup", "backup", "--password-file", "password").Code.ShouldBe(0);
        bench.ShouldBePrivate("encrypted_secret.bin");
        bench.ShouldBePrivate("backup");
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_name_with_blanks_is_a_name(string script)
    {
        bench.Put("public key.pem", Platform.Current.PublicKeyPem);
        var ran = bench.Script(script, "public key.pem", "--out", "my secret.bin", "--backup", "my backup",
            "--password-file", "password");
        ran.Code.ShouldBe(0, ran.Error);
        bench.ShouldOpen("my secret.bin", ran.Text);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void An_openssl_that_cannot_do_it_is_told_before_there_is_a_secret(string script)
    {
        bench.PutProgram("old-openssl",
            "#!/bin/sh\nfor word; do case $word in *rsa_oaep_md*) exit 1 ;; esac; done\nexec openssl \"$@\"\n");
        ShouldRefuse(Run(bench.PathTo("old-openssl"), script, Workbench.PublicKey), "can't wrap by RSA-OAEP");
    }

    [Fact]
    public void An_old_LibreSSL_is_passed_over_for_one_that_can()
    {
        bench.PutProgram("libressl", "#!/bin/sh\n[ \"$1\" = version ] && echo LibreSSL 2.8.3 || exit 1\n");
        var ran = Run(bench.PathTo("libressl"), Workbench.MacOs, Workbench.PublicKey);
        ran.Code.ShouldBe(0, ran.Error);
        bench.ShouldOpen("encrypted_secret.bin", ran.Text);
    }

    [Theory]
    [InlineData("rand")]
    [InlineData("dgst")]
    [InlineData("enc")]
    [InlineData("pkeyutl")]
    public void A_step_that_fails_half_way_leaves_nothing(string step)
    {
        bench.PutProgram("frail-openssl",
            $"#!/bin/sh\nif [ \"$1\" = {step} ] && ! [ -t 0 ] && ! echo \"$*\" | grep -q 'iter 1 '; then [ {step} != "
                + "pkeyutl ] || [ -e tried ] && exit 1; : >tried; fi\nexec openssl \"$@\"\n");
        var ran = Run(bench.PathTo("frail-openssl"), Workbench.Linux, Workbench.PublicKey, "--backup", "backup",
            "--password-file", "password");
        ran.Code.ShouldBe(1, ran.Error);
        ran.Output.ShouldBeEmpty();
        ran.Error.ShouldContain("nothing was written");
        Directory.EnumerateFiles(bench.Folder).Select(Path.GetFileName)
            .Except(["frail-openssl", "tried", "password", Workbench.PublicKey]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Wrong_input_is_one_line_with_its_mend(string script)
    {
        bench.Put("private.pem", Platform.CurrentPair.ExportPkcs8PrivateKeyPem());
        bench.Put("expired.crt", KeyCommandTests.Certificate(DateTimeOffset.UtcNow.AddDays(-1)).ExportCertificatePem());
        bench.Put("pkcs1.pem", Platform.CurrentPair.ExportRSAPublicKeyPem());
        bench.Put("spki.der", Platform.CurrentPair.ExportSubjectPublicKeyInfo());
        bench.Put("cut.pem", Platform.Current.PublicKeyPem[..300]);
        bench.Put("empty.pem", "");
        bench.Put("windows-password", "a good long password\r\n");
        bench.Put("there", "precious");
        (string[] Arguments, string Words)[] cases =
        [
            (["private.pem"], "holds a private key"), (["expired.crt"], "has expired"),
            (["pkcs1.pem"], "-RSAPublicKey_in"), (["spki.der"], "-inform DER"),
            (["cut.pem"], "no readable public key"), (["empty.pem"], "is empty"), (["missing.pem"], "can't be read"),
            ([Workbench.PublicKey, "--out", "there"], "--force"),
            ([Workbench.PublicKey, "--force", "--backup", "there", "--password-file", "password"], "never replaced"),
            ([Workbench.PublicKey, "--backup", "backup", "--password-file", "windows-password"], "carriage return"),
            ([Workbench.PublicKey, "--backup", "backup", "--password-file", "empty.pem"], "is empty"),
        ];
        foreach (var (arguments, words) in cases)
        {
            ShouldRefuse(bench.Script(script, arguments), words);
        }

        bench.Read("there").ShouldBe("precious"u8.ToArray());
    }

    [Theory]
    [InlineData("same", 2)]
    [InlineData("./same", 1)]
    public void A_wrapped_file_never_takes_the_place_of_its_backup(string backup, int code)
    {
        var ran = bench.Script(Workbench.Linux, Workbench.PublicKey, "--out", "same", "--force", "--backup", backup,
            "--password-file", "password");
        ran.Code.ShouldBe(code, ran.Error);
        ran.Error.ShouldContain("same file");
        (code == 2 || bench.ReadBackupByOpenssl("same").Length == 32).ShouldBeTrue();
    }

    [Theory]
    [InlineData]
    [InlineData("--no-such-option")]
    [InlineData("one.pem", "other.pem")]
    [InlineData("one.pem", "--out")]
    [InlineData("one.pem", "--password-file", "password")]
    public void Misuse_shows_the_usage(params string[] arguments)
    {
        bench.Put("one.pem", Platform.Current.PublicKeyPem);
        var ran = bench.Script(Workbench.Linux, arguments);
        ran.Code.ShouldBe(2, ran.Error);
        ran.Error.ShouldContain("usage: ./secretgen-linux.sh PUBLIC_KEY");
    }

    [Fact]
    public void The_script_for_macOS_alone_says_what_it_lacks()
    {
        File.Copy(Workbench.MacOs, bench.PathTo("secretgen-macos.sh"));
        ShouldRefuse(bench.Script(bench.PathTo("secretgen-macos.sh"), Workbench.PublicKey),
            "secretgen-linux.sh is missing");
    }

    [Fact]
    public void Each_script_calls_itself_by_its_own_name() =>
        bench.Script(Workbench.MacOs).Error.ShouldContain("usage: ./secretgen-macos.sh PUBLIC_KEY");

    public void Dispose() => bench.Dispose();

    private Ran Run(string openssl, string script, params string[] arguments) =>
        bench.Run("bash", [script, .. arguments], [], new Dictionary<string, string> { ["OPENSSL"] = openssl });

    private void ShouldRefuse(Ran ran, string words)
    {
        ran.Code.ShouldBe(1, ran.Error);
        ran.Output.ShouldBeEmpty();
        ran.Error.Trim().ShouldNotContain("\n");
        ran.Error.ShouldContain(words);
        File.Exists(bench.PathTo("encrypted_secret.bin")).ShouldBeFalse();
    }
}
