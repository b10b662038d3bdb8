using System.Diagnostics;

namespace Cluster.Tests.Primitives;

/// <summary>Waiting for what is going to happen, and telling what was seen last when it did not.</summary>
public static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Looks until <paramref name="look"/> gives null; any text it gives is what stands in the way. An exception of the
    /// look counts as such a text: servers that are just starting refuse, and the last refusal is in the failure.
    /// </summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="look">Looks once.</param>
    /// <param name="patience">The last resort, where the usual one is not enough.</param>
    public static async Task HoldsAsync(string what, Func<Task<string?>> look, TimeSpan? patience = null)
    {
        var (started, most) = (Stopwatch.GetTimestamp(), patience ?? LastResort.Timeout);
        while (await SeenAsync(look) is { } obstacle)
        {
            if (Stopwatch.GetElapsedTime(started) > most)
            {
                throw new TimeoutException($"not within {most.TotalSeconds:0} s: {what}. Last seen: {obstacle}");
            }

            await Task.Delay(Pause);
        }
    }

    public static Task TrueAsync(string what, Func<Task<bool>> look, TimeSpan? patience = null) =>
        HoldsAsync(what, async () => await look() ? null : "false", patience);

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
