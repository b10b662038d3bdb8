using System.Diagnostics;
using Cluster.Tests.Primitives;

namespace CloudStories;

/// <summary>How long something takes to become true.</summary>
internal static class Clocked
{
    private static readonly TimeSpan betweenLooks = TimeSpan.FromMilliseconds(50);

    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> holds)
    {
        var from = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(from) > LastResort.Timeout)
            {
                throw new TimeoutException($"not within {LastResort.Timeout.TotalSeconds:0} s");
            }

            await Task.Delay(betweenLooks);
        }

        return Stopwatch.GetElapsedTime(from);
    }
}
