using System.Globalization;
using System.Text;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>The Shared Key scheme: the string to sign of the request as it came.</summary>
internal sealed class SharedKeyCheck(TimeProvider clock)
{
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(15);

    public void Demand(AzureCall call, StorageAccount account, string parameter)
    {
        if (!account.Settings.SharedKey)
        {
            throw BlobProblems.KeysNotPermitted();
        }

        var text = StringToSign(call, account.Name);
        var colon = parameter.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || parameter[..colon] != account.Name
            || !account.Keys.Any(key => SasCheck.Signs(key.Value, text, parameter[(colon + 1)..])))
        {
            throw BlobProblems.AuthenticationFailed(
                $"The MAC signature found in the HTTP request is not the same as any computed signature. Server used "
                    + $"following string to sign: '{text}'.");
        }

        if (!DateTimeOffset.TryParse(call.Header("x-ms-date") ?? call.Header("Date"), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var date) || (date - clock.GetUtcNow()).Duration() > MaxSkew)
        {
            throw BlobProblems.AuthenticationFailed("Request date header too old or missing.");
        }
    }

    private static string StringToSign(AzureCall call, string account)
    {
        var text = new StringBuilder(512).Append(call.Method).Append('\n');
        var length = call.Header("Content-Length");
        foreach (var value
            in new[] { call.Header("Content-Encoding"), call.Header("Content-Language"), length == "0" ? ""
                : length, call.Header("Content-MD5"), call.Header("Content-Type") })
        {
            text.Append(value).Append('\n');
        }

        text.Append(call.Header("x-ms-date") is null ? call.Header("Date") : "").Append('\n');
        foreach (var name in new[] { "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range" })
        {
            text.Append(call.Header(name)).Append('\n');
        }

        foreach (var (name, value) in call.Request.Headers.Where(header =>
            header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .Select(header => (Name: header.Key.ToLowerInvariant(), Value: header.Value.ToString()))
            .OrderBy(header => header.Name, StringComparer.Ordinal))
        {
            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        }

        text.Append('/').Append(account).Append(call.Address.SignedPath);
        foreach (var group in call.Query.Pairs.GroupBy(pair => pair.Key.ToLowerInvariant(), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(group.Key).Append(':')
                .AppendJoin(',', group.Select(pair => pair.Value).Order(StringComparer.Ordinal));
        }

        return text.ToString();
    }
}
