using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ByokOperator.Reports.Signing;

/// <summary>The public half of a key that reports are signed with. Its id is made from it (RFC 7638),
/// so that none can stand under another's.</summary>
/// <param name="Id">JWK thumbprint, SHA-256, base64url.</param>
/// <param name="Pem">SubjectPublicKeyInfo.</param>
internal sealed record ReportKey(string Id, string Pem)
{
    private const int Bits = 256;

    /// <summary>Far more than was ever replaced.</summary>
    private const int MostKeys = 1_000;

    public static ReportKey Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk =
            $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        return new ReportKey(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(jwk))),
            key.ExportSubjectPublicKeyInfoPem() + "\n");
    }

    /// <summary>All public keys in a text, in PEM; what else stands there is passed over.
    /// Empty where none is one of ES256.</summary>
    public static IReadOnlyList<ReportKey> Read(string text)
    {
        var keys = new List<ReportKey>();
        var rest = text.AsSpan();
        while (keys.Count < MostKeys && PemEncoding.TryFind(rest, out var found))
        {
            if (rest[found.Label] is "PUBLIC KEY" && Import(rest[found.Location]) is { } key)
            {
                keys.Add(key);
            }

            rest = rest[found.Location.End..];
        }

        return keys;
    }

    /// <summary>P-256, as ES256 wants it.</summary>
    public static bool IsOfEs256(ECDsa key) =>
        key.KeySize == Bits && key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;

    public ECDsa ToEcdsa()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(Pem);
        return key;
    }

    private static ReportKey? Import(ReadOnlySpan<char> pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return IsOfEs256(key) ? Of(key) : null;
        }
        catch (Exception other) when (other is ArgumentException or CryptographicException)
        {
            return null;
        }
    }
}
