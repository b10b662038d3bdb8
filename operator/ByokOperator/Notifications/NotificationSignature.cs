using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ByokOperator.Notifications;

/// <summary>
/// HMAC-SHA256 over <c>timestamp.body</c>. The time is signed too, so that who records a notice can't deliver it again
/// later as new. docs/notices.md says how to verify it.
/// </summary>
internal static class NotificationSignature
{
    public const string TimestampHeader = "Byok-Timestamp";
    public const string SignatureHeader = "Byok-Signature";
    private const string Scheme = "v1=";

    public static string Timestamp(DateTimeOffset now) =>
        now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public static string Sign(ReadOnlySpan<byte> secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
        hmac.AppendData(body);
        return Scheme + Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
