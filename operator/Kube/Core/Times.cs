using System.Globalization;
using System.Text.RegularExpressions;

namespace Kube.Core;

/// <summary>Times as RFC 3339 has them and the apiserver takes them: a small t and z too, any offset,
/// any number of decimals.</summary>
public static partial class Times
{
    /// <summary>What a tick can hold.</summary>
    private const int Decimals = 7;

    private const string Usual = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>False for what is no time, and for one that lies outside what this platform can hold (years 1 to 9999,
    /// offsets up to 14 hours).</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is [.., 'Z']
            && DateTimeOffset.TryParseExact(text, Usual, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out time))
        {
            return true; // what servers write
        }

        time = default;
        if (text is null || Shape().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var decimals = match.Groups["decimals"].Value;
        var whole =
            $"{match.Groups["date"].Value}T{match.Groups["clock"].Value}.{(decimals.Length > Decimals ? decimals[..Decimals] : decimals).PadRight(Decimals, '0')}";
        var offset = match.Groups["offset"].Value is [_] ? "+00:00" : match.Groups["offset"].Value;
        return DateTimeOffset.TryParseExact(whole + offset, "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz",
            CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<decimals>[0-9]+))?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Shape();
}
