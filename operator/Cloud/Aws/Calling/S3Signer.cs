using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;

namespace Cloud.Aws.Calling;

/// <summary>
/// AWS's signature, version 4, of requests to S3 that have no body. The day's key is derived once: four rounds of HMAC that a
/// signature for each object would repeat.
/// </summary>
internal sealed class S3Signer(string region)
{
    /// <summary>SHA-256 of nothing.</summary>
    public const string EmptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private volatile DayKey? current;

    /// <summary>The <c>Authorization</c> header.</summary>
    /// <param name="request">Its headers are all that goes out and must be signed: the host's and AWS's own, sorted, in lower case.</param>
    /// <param name="credentials">Whose signature it is.</param>
    /// <param name="at">As <c>x-amz-date</c> says it.</param>
    public string Authorize(S3Request request, ImmutableCredentials credentials, string at)
    {
        var day = at[..8];
        var scope = $"{day}/{region}/s3/aws4_request";
        var signed = string.Join(';', request.Headers.Keys);
        var canonical = new StringBuilder(512).Append(request.Method.Method).Append('\n').Append(request.Path).Append('\n').Append(request.Query).Append('\n');
        foreach (var (name, value) in request.Headers)
        {
            canonical.Append(name).Append(':').Append(value.AsSpan().Trim()).Append('\n');
        }

        canonical.Append('\n').Append(signed).Append('\n').Append(EmptyBody);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
        var text = Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{at}\n{scope}\n{digest}");
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(KeyOf(day, credentials), text));
        return $"AWS4-HMAC-SHA256 Credential={credentials.AccessKey}/{scope}, SignedHeaders={signed}, Signature={signature}";
    }

    public static string Stamp(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private byte[] KeyOf(string day, ImmutableCredentials credentials)
    {
        if (current is { } known && known.Day == day && known.Secret == credentials.SecretKey)
        {
            return known.Key;
        }

        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey);
        foreach (var step in (string[])[day, region, "s3", "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        }

        current = new DayKey(day, credentials.SecretKey, key);
        return key;
    }

    private sealed record DayKey(string Day, string Secret, byte[] Key);
}
