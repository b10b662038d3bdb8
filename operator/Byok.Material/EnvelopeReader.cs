using System.Buffers.Text;

namespace Byok.Material;

/// <summary>
/// Reads an upload: the ciphertext itself, or its base64 in lines of any width and with blanks or line ends of any
/// system around it. What could mean two things, or is a known mistake, is refused by name.
/// </summary>
internal static class EnvelopeReader
{
    /// <summary>The largest wrapped RSA key is under 4 KiB; base64 in lines of any usual width, hexadecimal and UTF-16
    /// forms fit too, to be told apart.</summary>
    public const int MostBytes = 16 * 1024;

    private const string Armour = "-----";
    private const string Salted = "Salted__";
    private const string Remake =
        "upload the encrypted_secret.bin that the script or `byok-operator key wrap` wrote, as it is or as its base64 "
            + "(openssl base64 -A -in encrypted_secret.bin)";

    /// <param name="uploaded">the upload as it came</param>
    public static Envelope Read(ReadOnlySpan<byte> uploaded, WrappedForm form)
    {
        if (uploaded.Length > MostBytes)
        {
            return new Envelope.Malformed(RefusalCodes.TooLarge,
                $"the upload is larger than {MostBytes} bytes: {Remake}");
        }

        if (form.Fits(uploaded.Length) && !IsText(uploaded) && MeantOtherwise(uploaded) is null)
        {
            return new Envelope.Wrapped(uploaded.ToArray());
        }

        return KnownMistake(uploaded) ?? ReadText(uploaded, form);
    }

    /// <summary>A random ciphertext of 256 bytes consists of base64 letters once in 2^500.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes) => StrictBase64.IsAlphabet(StrictBase64.WithoutWhite(bytes));

    private static Envelope.Malformed? KnownMistake(ReadOnlySpan<byte> uploaded) => uploaded switch
    {
        _
            when StrictBase64.WithoutWhite(uploaded).Length == 0 =>
                new(RefusalCodes.Empty, $"nothing was uploaded: {Remake}"),
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] =>
            new(RefusalCodes.Utf16,
                "the upload is UTF-16 text (as Windows PowerShell redirects): write the file with the tool's own "
                    + "output option, or in git-bash"),
        { Length: KeyMaterial.Length } => NotWrapped,
        _ when uploaded.IndexOf("-----BEGIN ENCRYPTED"u8) >= 0 => KeyUnderPassphrase,
        _
            when uploaded.IndexOf("-----BEGIN"u8) >= 0 =>
                new(RefusalCodes.PemArmour,
                    $"the upload stands between {Armour}BEGIN and {Armour}END lines: {Remake}; never upload a private "
                        + "key"),
        _ when uploaded.TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
            && uploaded.IndexOf("\"ciphertext\""u8) > 0 =>
                new(RefusalCodes.TransferBlob,
                    $"the upload is a key transfer blob (.byok), which goes to an HSM of Azure alone: {Remake}"),
        _ => MeantOtherwise(uploaded),
    };

    /// <summary>Beginnings that no ciphertext has but by a chance of 2^-40.</summary>
    private static Envelope.Malformed? MeantOtherwise(ReadOnlySpan<byte> content) => content switch
    {
        _ when content.StartsWith("Salted__"u8) => PasswordEncrypted,
        [0x30, 0x82, _, _, 0x02, 0x01, 0x00, ..] => PrivateKey,
        [0x30, 0x82, _, _, 0x30, _, 0x06, _, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05 or 0x0C, ..] =>
            KeyUnderPassphrase,
        _ => null,
    };

    private static Envelope ReadText(ReadOnlySpan<byte> uploaded, WrappedForm form)
    {
        var text = StrictBase64.WithoutWhite(uploaded.StartsWith("\uFEFF"u8) ? uploaded[3..] : uploaded);
        if (StrictBase64.IsHex(text)
            && (text.Length == KeyMaterial.Length * 2 || form.Fits(text.Length / 2)
                || form.KeySizes.Contains(text.Length / 2)))
        {
            return text.Length == KeyMaterial.Length * 2 ? NotWrapped
                : new Envelope.Malformed(RefusalCodes.Hex, $"the upload is hexadecimal: {Remake}");
        }

        if (StrictBase64.HasUrlAlphabet(text))
        {
            return new Envelope.Malformed(RefusalCodes.UrlAlphabet,
                $"the upload is base64 of the URL alphabet (- and _): use + and /, {Remake}");
        }

        if (!StrictBase64.IsAlphabet(text))
        {
            return IsMostlyText(uploaded)
                ? new Envelope.Malformed(RefusalCodes.NotBase64, $"the upload is text but not base64: {Remake}")
                : WrongSize(uploaded.Length, form);
        }

        return StrictBase64.Decode(text) is { } decoded
            ? Judge(decoded, form)
            : new Envelope.Malformed(RefusalCodes.NotBase64,
                $"the upload is base64 cut short, or with its = or + lost ({text.Length} characters; "
                    + $"{form.Sizes(Base64.GetMaxEncodedToUtf8Length)} wanted): {Remake}");
    }

    private static Envelope Judge(byte[] decoded, WrappedForm form)
    {
        if (MeantOtherwise(decoded) is { } meant)
        {
            return meant;
        }

        if (form.Fits(decoded.Length) && !IsText(decoded))
        {
            return new Envelope.Wrapped(decoded);
        }

        if (decoded.Length == KeyMaterial.Length)
        {
            return NotWrapped;
        }

        return IsText(decoded)
            ? new Envelope.Malformed(RefusalCodes.EncodedTwice,
                "the upload is base64 of base64: encode it once (a Secret's `data` wants base64 of the file; its "
                    + "`stringData` wants the text)")
            : WrongSize(decoded.Length, form);
    }

    private static Envelope.Malformed NotWrapped => new(
        RefusalCodes.NotWrapped,
        "the upload has the size of the secret or of its hash, not of a wrapped secret: wrap it with the public key. "
            + "If it is the secret, it has been exposed: make another");

    private static Envelope.Malformed PasswordEncrypted => new(
        RefusalCodes.PasswordEncrypted,
        $"the upload begins with {Salted}: that is a backup made by openssl enc, not a wrapped secret; wrap it with "
            + "`byok-operator key wrap --backup`");

    private static Envelope.Malformed PrivateKey => new(
        RefusalCodes.NotWrapped,
        "the upload is a private key that was not wrapped: it has been exposed, make another (`byok-operator key "
            + "generate --rsa 3072`)");

    private static Envelope.Malformed KeyUnderPassphrase => new(
        RefusalCodes.PasswordEncrypted,
        "the upload is a private key under a passphrase, which is not taken, nor an encrypted passphrase beside it: "
            + "wrap the key itself by `byok-operator key wrap --backup FILE`");

    private static Envelope.Malformed WrongSize(int found, WrappedForm form) =>
        form.Kind is MaterialKind.RsaPrivate && form.KeySizes.Contains(found)
            ? new(RefusalCodes.WrongSize,
                $"the upload has {found} bytes, as a wrapped 256-bit secret has, and an RSA key is wanted: make one "
                    + "with `byok-operator key generate --rsa 3072`")
            : new(RefusalCodes.WrongSize,
                $"{form.Noun} has {form.Sizes(size => size)} bytes, the upload {found}: it was cut short, or wrapped "
                    + $"with a public key of another size; {Remake}");

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

/// <summary>What an upload is found to be before any key is tried: facts about public bytes only.</summary>
internal abstract record Envelope
{
    private Envelope()
    {
    }

    /// <summary>The RSA ciphertext.</summary>
    public sealed record Wrapped(byte[] Ciphertext) : Envelope;

    public sealed record Malformed(string Code, string Message) : Envelope;
}
