using System.Diagnostics;

namespace Cluster.Tests.Primitives;

/// <summary>Waiting with a deadline and with what was seen last when the deadline came.</summary>
public static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Looks until <paramref name="look"/> gives null; any text it gives is what stands in the way. An exception of the look
    /// counts as such a text: servers that are just starting refuse, and the last refusal is in the failure.
    /// </summary>
    public static async Task HoldsAsync(
        string what, TimeSpan patience, Func<Task<string?>> look, CancellationToken cancellation = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (await SeenAsync(look) is { } obstacle)
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"not within {patience.TotalSeconds:0} s: {what}. Last seen: {obstacle}");
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    public static Task TrueAsync(
        string what, TimeSpan patience, Func<Task<bool>> look, CancellationToken cancellation = default) =>
        HoldsAsync(what, patience, async () => await look() ? null : "false", cancellation);

    private static async Task<string?> SeenAsync(Func<Task<string?>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException)
        {
            return exception.Message;
        }
    }
}
