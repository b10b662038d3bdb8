using System.Globalization;
using System.Text.RegularExpressions;

namespace ByokOperator.Api;

/// <summary>Durations as Kubernetes writes them: <c>30s</c>, <c>15m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
public static partial class GoDuration
{
    /// <summary>As the schemas have it; also what keeps the sum of the parts from overflowing.</summary>
    private const int MaxLength = 32;

    /// <summary>True for a sum of h, m, s and ms parts, not negative; nothing else.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is not { Length: > 0 and <= MaxLength } || !Shape().IsMatch(text))
        {
            return false;
        }

        foreach (Match part in Part().Matches(text))
        {
            if (!double.TryParse(part.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                || amount > TimeSpan.MaxValue.TotalHours / 4)
            {
                return false;
            }

            duration += part.Groups[2].Value switch
            {
                "h" => TimeSpan.FromHours(amount),
                "m" => TimeSpan.FromMinutes(amount),
                "s" => TimeSpan.FromSeconds(amount),
                _ => TimeSpan.FromMilliseconds(amount),
            };
        }

        return true;
    }

    /// <summary>For values that the rules have already accepted; throws <see cref="FormatException"/> on any other.</summary>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"'{text}' is not a duration such as 30s or 15m");

    [GeneratedRegex(@"^([0-9]{1,12}(\.[0-9]{1,9})?(h|ms|m|s))+\z")]
    private static partial Regex Shape();

    [GeneratedRegex(@"([0-9]+(?:\.[0-9]+)?)(h|ms|m|s)")]
    private static partial Regex Part();
}
