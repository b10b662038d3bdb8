using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LocalCloud.Aws.Iam;

/// <summary>Signature Version 4, recomputed from the request as it came over the wire.</summary>
internal sealed class SignatureCheck
{
    /// <summary>Derived keys are few (key, day, region, service);
    /// a client that cycles through more starts the cache anew.</summary>
    private const int MaxCachedKeys = 4096;

    private readonly ConcurrentDictionary<(string Secret, string Scope), byte[]> signingKeys = new();

    /// <param name="bodyHash">x-amz-content-sha256 for S3, the hash of the body for the other services.</param>
    public bool Fits(
        HttpRequest request, string target, RawQuery query, SignatureClaim claim,
        (string Secret, string BodyHash) known)
    {
        var stamp = claim.InQuery ? query["X-Amz-Date"] ?? "" : request.Headers["x-amz-date"].ToString();
        var text = new StringBuilder(512).Append("AWS4-HMAC-SHA256\n").Append(stamp).Append('\n').Append(claim.Scope)
            .Append('\n')
            .Append(HexHash(Canonical(request, target, query, claim, known.BodyHash))).ToString();
        var expected = HMACSHA256.HashData(SigningKey(known.Secret, claim), Encoding.UTF8.GetBytes(text));
        return claim.Signature.Length == 64 && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)), Encoding.ASCII.GetBytes(claim.Signature));
    }

    private static string Canonical(
        HttpRequest request, string target, RawQuery query, SignatureClaim claim, string bodyHash)
    {
        var text = new StringBuilder(1024).Append(request.Method).Append('\n');
        AppendPath(text, target);
        text.Append('\n');
        AppendQuery(text, query);
        text.Append('\n');
        foreach (var range in claim.SignedHeaders.AsSpan().Split(';'))
        {
            var name = claim.SignedHeaders[range];
            text.Append(name).Append(':');
            AppendCollapsed(text, name == "host" ? request.Host.Value : request.Headers[name].ToString());
            text.Append('\n');
        }

        return text.Append('\n').Append(claim.SignedHeaders).Append('\n').Append(bodyHash).ToString();
    }

    private static void AppendPath(StringBuilder text, string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target.AsSpan() : target.AsSpan(0, mark);
        if (path.IndexOfAnyExcept(Rfc3986.PathPlain) < 0)
        {
            text.Append(path);
            return;
        }

        Rfc3986.Append(text, Uri.UnescapeDataString(path), keepSlash: true);
    }

    private static void AppendQuery(StringBuilder text, RawQuery query)
    {
        if (query.Pairs.Count == 0)
        {
            return;
        }

        var parts = query.Pairs.Where(pair => pair.Key != "X-Amz-Signature")
            .Select(pair => (Name: Rfc3986.Encode(pair.Key), Value: Rfc3986.Encode(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal);
        var separator = "";
        foreach (var (name, value) in parts)
        {
            text.Append(separator).Append(name).Append('=').Append(value);
            separator = "&";
        }
    }

    private static void AppendCollapsed(StringBuilder text, string? value)
    {
        var rest = value.AsSpan().Trim();
        if (rest.IndexOf("  ") < 0)
        {
            text.Append(rest);
            return;
        }

        var space = false;
        foreach (var letter in rest)
        {
            if (letter != ' ' || !space)
            {
                text.Append(letter);
            }

            space = letter == ' ';
        }
    }

    private byte[] SigningKey(string secret, SignatureClaim claim)
    {
        if (signingKeys.TryGetValue((secret, claim.Scope), out var known))
        {
            return known;
        }

        if (signingKeys.Count > MaxCachedKeys)
        {
            signingKeys.Clear();
        }

        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secret), Encoding.UTF8.GetBytes(claim.Date));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(claim.Region));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(claim.Service));
        key = HMACSHA256.HashData(key, "aws4_request"u8);
        signingKeys[(secret, claim.Scope)] = key;
        return key;
    }

    private static string HexHash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
