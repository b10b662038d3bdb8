using System.Buffers.Text;

namespace ByokOperator.Material;

/// <summary>
/// Reads an upload: the RSA ciphertext itself, or its base64 in lines of any width and with blanks or line ends of any system around it. What could
/// mean two things, or is a known mistake, is refused by name.
/// </summary>
internal static class EnvelopeReader
{
    /// <summary>The largest wrapped secret (<see cref="WrappingKey.MostBits"/>) in base64 with a line end after each byte is under 4 KiB; hexadecimal and UTF-16 forms fit too, to be told apart.</summary>
    public const int MostBytes = 8 * 1024;

    private const string Armour = "-----";
    private const string Salted = "Salted__";
    private const string Remake = "upload the encrypted_secret.bin that the script or `byok-operator key wrap` wrote, as it is or as its base64 (openssl base64 -A -in encrypted_secret.bin)";

    /// <param name="uploaded">the upload as it came</param>
    /// <param name="sizes">how many bytes a secret wrapped for the keys at hand has</param>
    public static Envelope Read(ReadOnlySpan<byte> uploaded, IReadOnlyCollection<int> sizes)
    {
        if (uploaded.Length > MostBytes)
        {
            return new Envelope.Malformed(RefusalCodes.TooLarge, $"the upload is larger than {MostBytes} bytes: {Remake}");
        }

        if (sizes.Contains(uploaded.Length) && !IsText(uploaded))
        {
            return new Envelope.Wrapped(uploaded.ToArray());
        }

        return KnownMistake(uploaded) ?? ReadText(uploaded, sizes);
    }

    /// <summary>A random ciphertext of 256 bytes consists of base64 letters once in 2^500.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes) => StrictBase64.IsAlphabet(StrictBase64.WithoutWhite(bytes));

    private static Envelope.Malformed? KnownMistake(ReadOnlySpan<byte> uploaded) => uploaded switch
    {
        _ when StrictBase64.WithoutWhite(uploaded).Length == 0 => new(RefusalCodes.Empty, $"nothing was uploaded: {Remake}"),
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => new(RefusalCodes.Utf16, "the upload is UTF-16 text (as Windows PowerShell redirects): write the file with the tool's own output option, or in git-bash"),
        { Length: KeyMaterial.Length } => NotWrapped,
        _ when uploaded.StartsWith("Salted__"u8) => PasswordEncrypted,
        _ when uploaded.IndexOf("-----BEGIN"u8) >= 0 => new(RefusalCodes.PemArmour, $"the upload stands between {Armour}BEGIN and {Armour}END lines: {Remake}; never upload a private key"),
        _ => null,
    };

    private static Envelope ReadText(ReadOnlySpan<byte> uploaded, IReadOnlyCollection<int> sizes)
    {
        var text = StrictBase64.WithoutWhite(uploaded.StartsWith("\uFEFF"u8) ? uploaded[3..] : uploaded);
        if (StrictBase64.IsHex(text) && (text.Length == KeyMaterial.Length * 2 || sizes.Contains(text.Length / 2)))
        {
            return text.Length == KeyMaterial.Length * 2 ? NotWrapped : new Envelope.Malformed(RefusalCodes.Hex, $"the upload is hexadecimal: {Remake}");
        }

        if (StrictBase64.HasUrlAlphabet(text))
        {
            return new Envelope.Malformed(RefusalCodes.UrlAlphabet, $"the upload is base64 of the URL alphabet (- and _): use + and /, {Remake}");
        }

        if (!StrictBase64.IsAlphabet(text))
        {
            return IsMostlyText(uploaded)
                ? new Envelope.Malformed(RefusalCodes.NotBase64, $"the upload is text but not base64: {Remake}")
                : WrongSize(uploaded.Length, sizes);
        }

        return StrictBase64.Decode(text) is { } decoded
            ? Judge(decoded, sizes)
            : new Envelope.Malformed(RefusalCodes.NotBase64, $"the upload is base64 cut short, or with its = or + lost ({text.Length} characters; {Sizes(sizes.Select(Base64.GetMaxEncodedToUtf8Length))} wanted): {Remake}");
    }

    private static Envelope Judge(byte[] decoded, IReadOnlyCollection<int> sizes)
    {
        if (sizes.Contains(decoded.Length) && !IsText(decoded))
        {
            return new Envelope.Wrapped(decoded);
        }

        if (decoded.Length == KeyMaterial.Length)
        {
            return NotWrapped;
        }

        if (decoded.AsSpan().StartsWith("Salted__"u8))
        {
            return PasswordEncrypted;
        }

        return IsText(decoded)
            ? new Envelope.Malformed(RefusalCodes.EncodedTwice, "the upload is base64 of base64: encode it once (a Secret's `data` wants base64 of the file; its `stringData` wants the text)")
            : WrongSize(decoded.Length, sizes);
    }

    private static Envelope.Malformed NotWrapped => new(
        RefusalCodes.NotWrapped, "the upload has the size of the secret or of its hash, not of a wrapped secret: wrap it with the public key. If it is the secret, it has been exposed: make another");

    private static Envelope.Malformed PasswordEncrypted => new(
        RefusalCodes.PasswordEncrypted, $"the upload begins with {Salted}: that is a backup made by openssl enc, not a wrapped secret; wrap it with `byok-operator key wrap --backup`");

    private static Envelope.Malformed WrongSize(int found, IReadOnlyCollection<int> sizes) => new(
        RefusalCodes.WrongSize, $"a wrapped secret has {Sizes(sizes)} bytes, the upload {found}: it was cut short, or wrapped with a public key of another size; {Remake}");

    private static string Sizes(IEnumerable<int> sizes) => string.Join(" or ", sizes.Distinct().Order());

    private static bool IsMostlyText(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            if (one is not ((>= 0x20 and < 0x7F) or 0x09 or 0x0A or 0x0D))
            {
                return false;
            }
        }

        return true;
    }
}
