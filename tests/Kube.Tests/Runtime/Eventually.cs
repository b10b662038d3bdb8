namespace Kube.Tests.Runtime;

/// <summary>Waits for other threads to get somewhere; the bound only turns a hang into a failure.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    public static async Task Holds(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"never happened: {what}");
            }

            await Task.Delay(1, CancellationToken.None);
        }
    }

    /// <summary>Moves the clock in small steps until the condition holds.</summary>
    public static async Task Holds(Func<bool> condition, ManualTime time, TimeSpan step, string what) =>
        await Holds(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                time.Advance(step);
                return condition();
            },
            what);
}
