using System.Security.Cryptography;
using System.Text;

namespace ByokOperator.Material;

/// <summary>Reads a key hash: base64 of the SHA-256 of the 32 bytes, white space around it allowed.</summary>
internal static class KeyHashText
{
    /// <summary>44 letters and room for white space; a longer one is not looked at.</summary>
    public const int MostCharacters = 256;

    private const string Remake = "the key hash is base64 of the secret's SHA-256, 44 characters that end in =, as `Key Hash` prints it";

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
            return (null, new OpenedMaterial.Refused(RefusalCodes.HashInHex, $"the key hash is hexadecimal: {Remake} (openssl dgst -sha256 -binary | openssl base64)"));
        }

        if (StrictBase64.HasUrlAlphabet(plain))
        {
            return Malformed($"the key hash is base64 of the URL alphabet (- and _): use + and /; {Remake}");
        }

        return StrictBase64.Decode(plain) is { Length: SHA256.HashSizeInBytes } hash ? (hash, null) : Malformed(Remake);
    }

    private static (byte[]?, OpenedMaterial.Refused) Malformed(string message) => (null, new OpenedMaterial.Refused(RefusalCodes.HashMalformed, message));
}
