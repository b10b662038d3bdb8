using System.Security.Cryptography;
using System.Text;

namespace Byok.Material;

/// <summary>Reads a key hash: base64 of a SHA-256, of the secret or of the RSA key's public half,
/// white space around it allowed.</summary>
internal static class KeyHashText
{
    /// <summary>An encrypted passphrase in lines, to be told apart; a longer text is not looked at.</summary>
    public const int MostCharacters = 2048;

    /// <summary>What RSA of 2,048 bits makes of a passphrase.</summary>
    private const int LeastCiphertext = 256;

    private const string Remake =
        "the key hash is base64 of a SHA-256, 44 characters that end in =, as `Key Hash` prints it";

    /// <summary>The hash, or why not.</summary>
    public static (byte[]? Hash, OpenedMaterial.Refused? Refusal) Read(string text)
    {
        if (text.Length > MostCharacters || text.AsSpan().ContainsAnyExceptInRange('\0', '\x7F'))
        {
            return Malformed(Remake);
        }

        var plain = StrictBase64.WithoutWhite(Encoding.ASCII.GetBytes(text));
        if (StrictBase64.IsHex(plain) && plain.Length == SHA256.HashSizeInBytes * 2)
        {
            return (null,
                new OpenedMaterial.Refused(RefusalCodes.HashInHex,
                    $"the key hash is hexadecimal: {Remake} (openssl dgst -sha256 -binary | openssl base64)"));
        }

        if (StrictBase64.HasUrlAlphabet(plain))
        {
            return Malformed($"the key hash is base64 of the URL alphabet (- and _): use + and /; {Remake}");
        }

        return StrictBase64.Decode(plain) switch
        {
            { Length: SHA256.HashSizeInBytes } hash => (hash, null),
            { Length: >= LeastCiphertext } =>
                (null,
                    new OpenedMaterial.Refused(RefusalCodes.HashIsPassphrase,
                        $"in the place of the key hash stands a ciphertext, such as an encrypted passphrase: a key "
                            + "under a passphrase is not taken, wrap the key itself by `byok-operator key wrap`; "
                            + $"{Remake}")),
            _ => Malformed(Remake),
        };
    }

    private static (byte[]?, OpenedMaterial.Refused) Malformed(string message) =>
        (null, new OpenedMaterial.Refused(RefusalCodes.HashMalformed, message));
}
