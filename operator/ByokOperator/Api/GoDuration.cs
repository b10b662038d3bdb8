using System.Globalization;

namespace ByokOperator.Api;

/// <summary>Durations as Kubernetes writes them: <c>30s</c>, <c>15m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
public static class GoDuration
{
    /// <summary>As the schemas have it; also what keeps the sum of the parts from overflowing.</summary>
    private const int MaxLength = 32;

    /// <summary>Of one amount: digits before the point, and after it.</summary>
    private const int MaxWhole = 12;
    private const int MaxDecimals = 9;

    /// <summary>True for a sum of h, m, s and ms parts, not negative; nothing else.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is not { Length: > 0 and <= MaxLength })
        {
            return false;
        }

        var sum = TimeSpan.Zero;
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var amount = Amount(rest);
            var unit = UnitOf(rest[amount..]);
            if (amount == 0 || unit == 0
                || !double.TryParse(rest[..amount], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out var number)
                || number > TimeSpan.MaxValue.TotalHours / 4)
            {
                return false;
            }

            sum += (unit, rest[amount]) switch
            {
                (_, 'h') => TimeSpan.FromHours(number),
                (1, 'm') => TimeSpan.FromMinutes(number),
                (_, 's') => TimeSpan.FromSeconds(number),
                _ => TimeSpan.FromMilliseconds(number),
            };
            rest = rest[(amount + unit)..];
        }

        duration = sum;
        return true;
    }

    /// <summary>For values that the rules have already accepted;
    /// throws <see cref="FormatException"/> on any other.</summary>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration
            : throw new FormatException($"'{text}' is not a duration such as 30s or 15m");

    /// <summary>Whatever stands there: times are added to it,
    /// also where no server and no rule has held it to its bounds.</summary>
    internal static TimeSpan Within(string? text, TimeSpan most, TimeSpan otherwise) =>
        !TryParse(text, out var duration) ? otherwise : duration < most ? duration : most;

    /// <summary>How many characters an amount takes at the beginning; 0 where none stands there.</summary>
    private static int Amount(ReadOnlySpan<char> text)
    {
        var whole = Digits(text);
        if (whole is 0 or > MaxWhole)
        {
            return 0;
        }

        if (whole == text.Length || text[whole] != '.')
        {
            return whole;
        }

        var decimals = Digits(text[(whole + 1)..]);
        return decimals is 0 or > MaxDecimals ? 0 : whole + 1 + decimals;
    }

    private static int UnitOf(ReadOnlySpan<char> text) =>
        text.StartsWith("ms", StringComparison.Ordinal) ? 2 : text is ['h' or 'm' or 's', ..] ? 1 : 0;

    private static int Digits(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
}
