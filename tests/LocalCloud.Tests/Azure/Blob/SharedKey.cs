using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Web;

namespace LocalCloud.Tests.Azure.Blob;

/// <summary>Shared Key and the three shared access signatures,
/// from the documentation and without the server's code.</summary>
internal static class SharedKey
{
    public const string SasVersion = "2022-11-02";

    public static void Sign(HttpRequestMessage request, string account, string key)
    {
        request.Headers.TryAddWithoutValidation("x-ms-date",
            DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        var content = request.Content?.Headers;
        var length = content?.ContentLength is > 0 ? content.ContentLength.Value.ToString(CultureInfo.InvariantCulture)
            : "";
        string One(string name) => request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString()
            : content is not null && content.NonValidated.TryGetValues(name, out values) ? values.ToString() : "";
        var text = new StringBuilder(
            $"{request.Method}\n{One("Content-Encoding")}\n{One("Content-Language")}\n{length}\n{One("Content-MD5")}\n{One("Content-Type")}\n\n{One("If-Modified-Since")}\n{One("If-Match")}\n{One("If-None-Match")}\n{One("If-Unmodified-Since")}\n{One("Range")}\n");
        foreach (var header
            in request.Headers.NonValidated.Where(header =>
                header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
                    .OrderBy(header => header.Key.ToLowerInvariant(), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{header.Key.ToLowerInvariant()}:{header.Value}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"/{account}{request.RequestUri!.AbsolutePath}");
        var query = HttpUtility.ParseQueryString(request.RequestUri.Query);
        foreach (var name in query.AllKeys.OfType<string>().Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{name.ToLowerInvariant()}:{query[name]}");
        }

        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {account}:{Hash(key, text.ToString())}");
    }

    /// <summary>Of one blob (<c>b</c>) or a container (<c>c</c>).</summary>
    public static string ServiceSas(
        string account, string key, string path, string permissions, DateTimeOffset expiry, string? policy = null,
        string protocol = "https")
    {
        var resource = path.Contains('/', StringComparison.Ordinal) ? "b" : "c";
        var until = policy is null ? Time(expiry) : "";
        var text =
            $"{permissions}\n\n{until}\n/blob/{account}/{path}\n{policy}\n\n{protocol}\n{SasVersion}\n{resource}\n\n\n\n\n\n\n";
        return Query(("sp", permissions), ("se", until), ("si", policy ?? ""), ("spr", protocol), ("sv", SasVersion),
            ("sr", resource), ("sig", Hash(key, text)));
    }

    public static string AccountSas(
        string account, string key, string permissions, string types, DateTimeOffset expiry, string protocol = "https")
    {
        var text = $"{account}\n{permissions}\nb\n{types}\n\n{Time(expiry)}\n\n{protocol}\n{SasVersion}\n\n";
        return Query(("sp", permissions), ("ss", "b"), ("srt", types), ("se", Time(expiry)), ("spr", protocol),
            ("sv", SasVersion), ("sig", Hash(key, text)));
    }

    /// <summary>From a user delegation key's document.</summary>
    public static string DelegatedSas(
        string account, System.Xml.Linq.XElement key, string path, string permissions, DateTimeOffset expiry)
    {
        var resource = path.Contains('/', StringComparison.Ordinal) ? "b" : "c";
        string Part(string name) => key.Element(name)!.Value;
        var text =
            $"{permissions}\n\n{Time(expiry)}\n/blob/{account}/{path}\n{Part("SignedOid")}\n{Part("SignedTid")}\n{Part("SignedStart")}\n{Part("SignedExpiry")}\n{Part("SignedService")}\n{Part("SignedVersion")}\n\n\n\n\nhttps\n{SasVersion}\n{resource}\n\n\n\n\n\n\n";
        return Query(("sp", permissions), ("se", Time(expiry)), ("skoid", Part("SignedOid")),
            ("sktid", Part("SignedTid")), ("skt", Part("SignedStart")), ("ske", Part("SignedExpiry")),
            ("sks", Part("SignedService")), ("skv", Part("SignedVersion")),
            ("spr", "https"), ("sv", SasVersion), ("sr", resource), ("sig", Hash(Part("Value"), text)));
    }

    private static string Query(params (string Name, string Value)[] parts) =>
        string.Join('&',
            parts.Where(part => part.Value.Length > 0)
                .Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Hash(string key, string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(text)));
}
