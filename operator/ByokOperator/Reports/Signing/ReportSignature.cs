using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ByokOperator.Reports.Signing;

/// <summary>
/// A report's signature: a detached JWS (RFC 7515, appendix F) by ES256 over the report's own bytes, in the compact
/// form without the payload. Any JOSE library checks it once the report, in base64url,
/// is put between the two full stops.
/// </summary>
internal static class ReportSignature
{
    /// <summary>What a signature can be long: a header with a digest, and 64 bytes.</summary>
    public const int MaxLength = 512;

    private const string Algorithm = "ES256";

    public static string Sign(ECDsa key, string keyId, ReadOnlySpan<byte> report)
    {
        var header = HeaderOf(keyId);
        var signature = key.SignData(Signed(header, report), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{header}..{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Which key it names; null where it is no signature of this form.</summary>
    public static string? KeyIdOf(string? signature)
    {
        if (signature is not { Length: <= MaxLength } || signature.Split('.') is not [{ } header, "", _])
        {
            return null;
        }

        try
        {
            using var read = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            return read.RootElement.ValueKind == JsonValueKind.Object
                && read.RootElement.TryGetProperty("kid", out var id) && id.ValueKind == JsonValueKind.String
                && id.GetString() is { } keyId && HeaderOf(keyId) == header
                    ? keyId
                    : null;
        }
        catch (Exception broken) when (broken is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Made with this key, over these bytes.</summary>
    public static bool Fits(ReportKey key, string signature, ReadOnlySpan<byte> report)
    {
        if (KeyIdOf(signature) != key.Id || signature.Split('.') is not [{ } header, "", { } made])
        {
            return false;
        }

        try
        {
            using var ecdsa = key.ToEcdsa();
            return ecdsa.VerifyData(Signed(header, report), Base64Url.DecodeFromChars(made), HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (Exception broken) when (broken is FormatException or CryptographicException)
        {
            return false;
        }
    }

    public static string DigestOf(ReadOnlySpan<byte> report) => Convert.ToHexStringLower(SHA256.HashData(report));

    // One spelling alone: an algorithm or an extension that somebody else chose is no header of ours.
    private static string HeaderOf(string keyId) =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes($$"""{"alg":"{{Algorithm}}","kid":"{{keyId}}","typ":"byok-report+json"}"""));

    private static byte[] Signed(string header, ReadOnlySpan<byte> report)
    {
        var signed = new byte[header.Length + 1 + Base64Url.GetEncodedLength(report.Length)];
        Encoding.ASCII.GetBytes(header, signed);
        signed[header.Length] = (byte)'.';
        Base64Url.EncodeToUtf8(report, signed.AsSpan(header.Length + 1));
        return signed;
    }
}
