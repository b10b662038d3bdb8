using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ByokOperator.Reports.Signing;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports.Signing;

public sealed class ReportSignatureTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("""{"reportVersion": "v1"}""");

    [Fact]
    public void What_was_signed_fits_and_nothing_else_does()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = ReportKey.Of(pair);
        var signature = ReportSignature.Sign(pair, key.Id, Text);
        ReportSignature.Fits(key, signature, Text).ShouldBeTrue();
        ReportSignature.KeyIdOf(signature).ShouldBe(key.Id);
        for (var at = 0; at < Text.Length; at++)
        {
            byte[] edited = [.. Text];
            edited[at] ^= 1;
            ReportSignature.Fits(key, signature, edited).ShouldBeFalse();
        }

        ReportSignature.Fits(key, signature, [.. Text, (byte)' ']).ShouldBeFalse();
    }

    /// <summary>As any JOSE library does it: the report, in base64url, between the two full stops.</summary>
    [Fact]
    public void With_the_report_put_back_it_is_a_JWS_like_any_other()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = ReportSignature.Sign(pair, ReportKey.Of(pair).Id, Text);
        var whole = signature.Replace("..", $".{Base64Url.EncodeToString(Text)}.", StringComparison.Ordinal).Split('.');
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(whole[0]))
            .ShouldBe($$"""{"alg":"ES256","kid":"{{ReportKey.Of(pair).Id}}","typ":"byok-report+json"}""");
        pair.VerifyData(Encoding.ASCII.GetBytes($"{whole[0]}.{whole[1]}"), Base64Url.DecodeFromChars(whole[2]),
            HashAlgorithmName.SHA256).ShouldBeTrue();
    }

    [Fact]
    public void An_algorithm_or_an_extension_of_somebody_else_is_no_signature()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = ReportKey.Of(pair);
        foreach (var header in (string[])
        [
            $$"""{"alg":"none","kid":"{{key.Id}}","typ":"byok-report+json"}""",
            $$"""{"alg":"HS256","kid":"{{key.Id}}","typ":"byok-report+json"}""",
            $$"""{"alg":"ES256","kid":"{{key.Id}}","typ":"byok-report+json","crit":["b64"],"b64":false}""",
            $$"""{"kid":"{{key.Id}}","alg":"ES256","typ":"byok-report+json"}""",
            $$"""{"alg":"ES256"}""", "7", "[]", "", "{",
        ])
        {
            var encoded = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header));
            var made = pair.SignData(Encoding.ASCII.GetBytes($"{encoded}.{Base64Url.EncodeToString(Text)}"),
                HashAlgorithmName.SHA256);
            ReportSignature.Fits(key, $"{encoded}..{Base64Url.EncodeToString(made)}", Text).ShouldBeFalse(header);
            ReportSignature.Fits(key, $"{encoded}..", Text).ShouldBeFalse(header);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("!!..!!")]
    [InlineData("bnVsbA..AA")]
    public void Nonsense_names_no_key(string? signature) => ReportSignature.KeyIdOf(signature).ShouldBeNull();

    [Fact]
    public void Another_key_under_the_same_name_does_not_vouch()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = ReportKey.Of(pair);
        ReportSignature.Fits(key, ReportSignature.Sign(other, key.Id, Text), Text).ShouldBeFalse();
    }

    [Fact]
    public void Public_keys_are_read_from_a_file_of_several_and_named_after_themselves()
    {
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var two = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var file =
            $"of acme\n{ReportKey.Of(one).Pem}{large.ExportSubjectPublicKeyInfoPem()}\n{rsa.ExportSubjectPublicKeyInfoPem()}\n{one.ExportPkcs8PrivateKeyPem()}\n{ReportKey.Of(two).Pem}";
        ReportKey.Read(file).Select(key => key.Id).ShouldBe([ReportKey.Of(one).Id, ReportKey.Of(two).Id]);
        ReportKey.Read("none").ShouldBeEmpty();
        ReportKey.Of(one).Id.Length.ShouldBe(43);
    }

    [Fact]
    public void A_report_is_packed_and_comes_back_as_it_was()
    {
        foreach (var text in (string[])["{}", new string('x', 900 * 1024), "schlüssel ☂"])
        {
            PackedReport.Unpack(PackedReport.Pack(Encoding.UTF8.GetBytes(text))).ShouldBe(text);
        }

        PackedReport.Fits(PackedReport.Pack(RandomNumberGenerator.GetBytes(PackedReport.SurelyFits)))
            .ShouldBeTrue("nothing is compressed worse than what is random");
    }
}
