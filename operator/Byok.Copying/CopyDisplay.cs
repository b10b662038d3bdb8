using System.Globalization;

namespace Byok.Copying;

/// <summary>Shows a person how far the copy is: one line that redraws itself on a terminal,
/// else a line every ten seconds.</summary>
internal sealed class CopyDisplay(
    TextWriter output, bool isTerminal, TimeProvider time) : IProgress<CopyProgress>, IDisposable
{
    private const int BarWidth = 30;

    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    private readonly long started = time.GetTimestamp();
    private long? lastShown;

    public void Report(CopyProgress value)
    {
        if (lastShown is { } last && time.GetElapsedTime(last) < (isTerminal ? TerminalInterval : LogInterval))
        {
            return;
        }

        lastShown = time.GetTimestamp();
        var line = Line(value, time.GetElapsedTime(started));
        if (isTerminal)
        {
            output.Write($"\r{Bar(value)} {line}\u001b[K");
        }
        else
        {
            output.WriteLine(line);
        }
    }

    public void Dispose()
    {
        if (isTerminal && lastShown is not null)
        {
            output.WriteLine();
        }
    }

    /// <summary>The total grows while the source is still being listed.</summary>
    public static string Line(CopyProgress value, TimeSpan elapsed)
    {
        var rate = elapsed > TimeSpan.Zero ? value.ObjectsCopied / elapsed.TotalSeconds : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{value.ObjectsCopied}/{value.ObjectsTotal} objects, {Size(value.BytesCopied)}/{Size(value.BytesTotal)}, "
                + $"{rate:F0}/s, {value.Concurrency} at once");
    }

    private static string Bar(CopyProgress value)
    {
        var filled = value.ObjectsTotal == 0 ? 0 : (int)(BarWidth * value.ObjectsCopied / value.ObjectsTotal);
        return $"[{new string('#', filled)}{new string('-', BarWidth - filled)}]";
    }

    private static string Size(long bytes)
    {
        double amount = bytes;
        var unit = 0;
        while (amount >= 1024 && unit < Units.Length - 1)
        {
            amount /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.#} {Units[unit]}");
    }
}
