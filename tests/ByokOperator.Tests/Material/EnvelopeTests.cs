using System.Security.Cryptography;
using System.Text;
using Byok.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>Mistakes that show before any key is tried, each with its own code and its mend.</summary>
public sealed class EnvelopeTests
{
    private static readonly byte[] Wrapped = RandomNumberGenerator.GetBytes(512);
    private static readonly string Base64 = Convert.ToBase64String(Wrapped);

    public static TheoryData<string, byte[], string, string> Mistakes => new()
    {
        { "nothing", [], RefusalCodes.Empty, "nothing was uploaded" },
        { "white space", Text(" \r\n"), RefusalCodes.Empty, "nothing was uploaded" },
        { "a body over the limit", new byte[EnvelopeReader.MostBytes
            + 1], RefusalCodes.TooLarge, "larger than 16384 bytes" },
        { "PEM armour", Text($"-----BEGIN MESSAGE-----\n{Base64}\n-----END MESSAGE-----\n"), RefusalCodes.PemArmour,
            "BEGIN" },
        { "a public key", Text(Platform.Current.PublicKeyPem), RefusalCodes.PemArmour, "never upload a private key" },
        { "the URL alphabet", Text(UrlForm(Base64)), RefusalCodes.UrlAlphabet, "use + and /" },
        { "the URL alphabet without padding", Text(UrlForm(Base64).TrimEnd('=')), RefusalCodes.UrlAlphabet,
            "use + and /" },
        { "hex", Text(Convert.ToHexStringLower(Wrapped)), RefusalCodes.Hex, "hexadecimal" },
        { "hex in lines",
            Text(string.Join('\n', Convert.ToHexString(Wrapped).Chunk(64).Select(line => new string(line)))),
            RefusalCodes.Hex, "hexadecimal" },
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Base64)], RefusalCodes.Utf16, "PowerShell" },
        { "UTF-16 the other way round", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Base64)], RefusalCodes.Utf16,
            "PowerShell" },
        { "base64 of base64", Text(Convert.ToBase64String(Text(Base64))), RefusalCodes.EncodedTwice, "encode it once" },
        { "the secret", RandomNumberGenerator.GetBytes(32), RefusalCodes.NotWrapped, "exposed" },
        { "the secret in base64", Text(Convert.ToBase64String(Wrapped[..32])), RefusalCodes.NotWrapped, "exposed" },
        { "the secret in hex", Text(Convert.ToHexString(Wrapped[..32])), RefusalCodes.NotWrapped, "exposed" },
        { "a backup", [.. Text("Salted__"), .. Wrapped[..56]], RefusalCodes.PasswordEncrypted, "key wrap --backup" },
        { "a backup in base64", Text(Convert.ToBase64String([.. Text("Salted__"), .. Wrapped[..56]])),
            RefusalCodes.PasswordEncrypted, "key wrap --backup" },
        { "a file cut short", Wrapped[..511], RefusalCodes.WrongSize, "has 512 bytes, the upload 511" },
        { "a file too long", [.. Wrapped, 10], RefusalCodes.WrongSize, "has 512 bytes, the upload 513" },
        { "a file for another size of key", Wrapped[..256], RefusalCodes.WrongSize, "has 512 bytes, the upload 256" },
        { "base64 cut between two groups", Text(Base64[..600]), RefusalCodes.WrongSize,
            "has 512 bytes, the upload 450" },
        { "base64 of the size of the file", Text(Convert.ToBase64String(Wrapped[..384])), RefusalCodes.WrongSize,
            "has 512 bytes, the upload 384" },
        { "base64 cut within a group", Text(Base64[..601]), RefusalCodes.NotBase64, "cut short" },
        { "base64 without its padding", Text(Base64.TrimEnd('=')), RefusalCodes.NotBase64, "cut short" },
        { "plus signs lost to a form", Text(PlusLost), RefusalCodes.NotBase64, "= or + lost" },
        { "words", Text("please find the wrapped key attached, thanks!"), RefusalCodes.NotBase64, "not base64" },
        { "a key transfer blob",
            Text($$"""{"schema_version":"1.0.0","header":{},"ciphertext":"{{UrlForm(Base64)}}"}"""),
            RefusalCodes.TransferBlob, ".byok" },
        { "a key under a passphrase", Platform.ForeignPair.ExportEncryptedPkcs8PrivateKey("words", Password),
            RefusalCodes.PasswordEncrypted, "encrypted passphrase" },
        { "a key under a passphrase, PEM",
            Text(Platform.ForeignPair.ExportEncryptedPkcs8PrivateKeyPem("words", Password)),
            RefusalCodes.PasswordEncrypted, "encrypted passphrase" },
        { "a key under a passphrase, base64",
            Text(Convert.ToBase64String(Platform.ForeignPair.ExportEncryptedPkcs8PrivateKey("words", Password))),
            RefusalCodes.PasswordEncrypted, "encrypted passphrase" },
        { "a private key", Platform.ForeignPair.ExportPkcs8PrivateKey(), RefusalCodes.NotWrapped, "exposed" },
        { "a private key of the older form", Platform.ForeignPair.ExportRSAPrivateKey(), RefusalCodes.NotWrapped,
            "exposed" },
        { "JSON", Text($$"""{"keyMaterial":"{{Base64}}"}"""), RefusalCodes.NotBase64, "not base64" },
    };

    /// <summary>A form decodes each + to a blank; with one lost, no multiple of four is left.</summary>
    private static string PlusLost => string.Concat("AA AA", Base64.Replace('+', 'a').AsSpan(5));

    private static PbeParameters Password => new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_and_mended(string mistake, byte[] uploaded, string code, string words)
    {
        var malformed = EnvelopeReader.Read(uploaded, Form(512)).ShouldBeOfType<Envelope.Malformed>(mistake);
        malformed.Code.ShouldBe(code);
        malformed.Message.ShouldContain(words);
    }

    [Fact]
    public void Every_code_of_the_envelope_has_a_mistake_of_its_own()
    {
        var codes = typeof(RefusalCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!)
            .Where(code => code.StartsWith("Upload", StringComparison.Ordinal));
        codes.Except(Mistakes.Select(row => row.Data.Item3)).ShouldBeEmpty();
    }

    [Fact]
    public void Sizes_of_several_keys_are_all_good()
    {
        EnvelopeReader.Read(Wrapped.AsSpan(0, 384), Form(512, 384))
            .ShouldBeOfType<Envelope.Wrapped>().Ciphertext.ShouldBe(Wrapped[..384]);
        EnvelopeReader.Read(Wrapped.AsSpan(0, 256), Form(512, 384))
            .ShouldBeOfType<Envelope.Malformed>().Message.ShouldContain("384 or 512");
    }

    [Theory]
    [InlineData(528)]
    [InlineData(512 + 1224)]
    [InlineData(512 + 3080)]
    public void A_wrapped_RSA_key_is_longer_than_a_wrapped_secret_by_whole_units(int length)
    {
        var upload = RandomNumberGenerator.GetBytes(length);
        EnvelopeReader.Read(upload, RsaForm).ShouldBeOfType<Envelope.Wrapped>().Ciphertext.ShouldBe(upload);
        EnvelopeReader.Read(Text(Convert.ToBase64String(upload, Base64FormattingOptions.InsertLineBreaks)), RsaForm)
            .ShouldBeOfType<Envelope.Wrapped>().Ciphertext.ShouldBe(upload);
    }

    [Theory]
    [InlineData(512, "as a wrapped 256-bit secret has")]
    [InlineData(511, "has more than 512 bytes, the upload 511")]
    [InlineData(520, "the upload 520")]
    [InlineData(529, "the upload 529")]
    [InlineData(512 + 3088, "the upload 3600")]
    public void Another_length_is_no_wrapped_RSA_key(int length, string words)
    {
        var malformed = EnvelopeReader.Read(RandomNumberGenerator.GetBytes(length), RsaForm)
            .ShouldBeOfType<Envelope.Malformed>();
        (malformed.Code, malformed.Message).ShouldSatisfyAllConditions(one => one.Code.ShouldBe(RefusalCodes.WrongSize),
            one => one.Message.ShouldContain(words));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void No_mistake_passes_for_a_wrapped_RSA_key(string mistake, byte[] uploaded, string code, string words) =>
        EnvelopeReader.Read(uploaded, RsaForm).ShouldBeOfType<Envelope.Malformed>($"{mistake}: {code}, {words}");

    private static readonly WrappedForm RsaForm = new(MaterialKind.RsaPrivate, [512]);

    private static WrappedForm Form(params int[] sizes) => new(MaterialKind.Symmetric256, sizes);

    private static string UrlForm(string base64) => "-_" + base64[2..].Replace('+', '-').Replace('/', '_');

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
