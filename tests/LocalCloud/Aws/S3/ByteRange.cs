using System.Globalization;

namespace LocalCloud.Aws.S3;

internal static class ByteRange
{
    /// <returns>false for what isn't one range of bytes, which HTTP says to ignore.
    /// A count of 0 is a range that can't be served.</returns>
    public static bool TryParse(string header, long length, out long start, out long count)
    {
        (start, count) = (0, 0);
        var dash = header.IndexOf('-', StringComparison.Ordinal);
        if (!header.StartsWith("bytes=", StringComparison.Ordinal) || dash < 0
            || header.Contains(',', StringComparison.Ordinal))
        {
            return false;
        }

        var first = header["bytes=".Length..dash];
        var last = header[(dash + 1)..];
        if (first.Length == 0)
        {
            if (!long.TryParse(last, CultureInfo.InvariantCulture, out var tail))
            {
                return false;
            }

            start = Math.Max(0, length - tail);
            count = length - start;
            return true;
        }

        if (!long.TryParse(first, CultureInfo.InvariantCulture, out start))
        {
            return false;
        }

        var end = last.Length == 0 ? length - 1
            : long.TryParse(last, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, length - 1) : -1;
        count = start < length && end >= start ? end - start + 1 : 0;
        return true;
    }
}
