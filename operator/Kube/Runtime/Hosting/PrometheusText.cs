using System.Globalization;
using System.Text;

namespace Kube.Runtime.Hosting;

/// <summary>The text exposition format: names, labels, escapes, numbers.</summary>
internal static class PrometheusText
{
    private const int MostLabelLength = 200; // a label longer than this was never meant to be one

    /// <summary><c>kube.reconcile.duration</c> in <c>s</c> is <c>kube_reconcile_duration_seconds</c>; counters end in <c>_total</c>.</summary>
    public static string Name(string instrument, string? unit, bool isCounter)
    {
        var name = Clean(instrument);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "",
        };
        name = name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix;
        return isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Empty, or the labels in braces, in order of their names.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var pairs = new List<string>(tags.Length);
        foreach (var tag in tags)
        {
            var value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            pairs.Add($"{Clean(tag.Key)}=\"{Escape(value.Length > MostLabelLength ? value[..MostLabelLength] : value)}\"");
        }

        pairs.Sort(StringComparer.Ordinal);
        return "{" + string.Join(',', pairs) + "}";
    }

    /// <summary>The labels with <c>le</c> added.</summary>
    public static string WithBound(string labels, double bound)
    {
        var le = $"le=\"{Number(bound)}\"";
        return labels.Length == 0 ? "{" + le + "}" : labels[..^1] + "," + le + "}";
    }

    public static string Help(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(Number(value)).Append('\n');

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string text) =>
        Help(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Clean(string name)
    {
        var clean = string.Create(name.Length, name, (span, from) =>
        {
            for (var index = 0; index < span.Length; index++)
            {
                span[index] = char.IsAsciiLetterOrDigit(from[index]) ? from[index] : '_';
            }
        });
        return clean.Length > 0 && char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }
}
