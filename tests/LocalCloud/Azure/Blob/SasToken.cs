using System.Globalization;
using LocalCloud.Aws;

namespace LocalCloud.Azure.Blob;

/// <summary>A shared access signature as it stands in a query, unverified.</summary>
internal sealed class SasToken(RawQuery query)
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'"];

    public string this[string name] => query[name] ?? "";

    public string Version => this["sv"];

    public string Signature => this["sig"];

    /// <summary>b, bs, bv, c; empty for one of the account.</summary>
    public string Resource => this["sr"];

    public bool IsAccount => query.Has("ss");

    public bool IsDelegated => query.Has("skoid");

    public string? Policy => query["si"];

    public string Permissions { get; set; } = query["sp"] ?? "";

    public DateTimeOffset? Start { get; set; } = Time(query["st"]);

    public DateTimeOffset? Expiry { get; set; } = Time(query["se"]);

    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
