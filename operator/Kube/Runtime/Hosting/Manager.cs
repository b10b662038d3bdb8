using Kube.Runtime.LeaderElection;
using Kube.Runtime.Informers;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Hosting;

/// <summary>
/// Starts the parts of an operator in order, each only when the one before it is up, and stops them in reverse:
/// stores, what runs beside them, leadership, controllers. Runs once.
/// </summary>
public sealed partial class Manager : IDisposable
{
    private readonly ManagerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<Manager> logger;
    private readonly RunGroup stores;
    private readonly RunGroup beside;
    private readonly RunGroup led;
    private readonly List<IInformer> watched = [];
    private readonly List<IHealth> parts = [];
    private readonly Stack<IDisposable> owned = [];
    private readonly CancellationTokenSource resigning = new();
    private LeaderElector? election;

    public Manager(ManagerOptions options, TimeProvider time, ILogger<Manager> logger)
    {
        this.options = options;
        this.time = time;
        this.logger = logger;
        stores = new RunGroup("stores", time);
        beside = new RunGroup("beside", time);
        led = new RunGroup("controllers", time);
    }

    /// <summary>Synced before anything acts, leader or not: a successor is warm when its turn comes.</summary>
    public Manager AddInformer(IInformer store)
    {
        watched.Add(store);
        stores.Add(store);
        return this;
    }

    /// <summary>Runs whether we lead or not, and outlives the controllers: an event recorder, a server.</summary>
    public Manager AddBeside(IRunnable runnable)
    {
        beside.Add(Examined(runnable));
        return this;
    }

    /// <summary>Runs only while we lead: a controller, a sweep.</summary>
    public Manager AddLed(IRunnable runnable)
    {
        led.Add(Examined(runnable));
        return this;
    }

    /// <summary>Without this everything runs at once, as for a program that is alone by construction.</summary>
    public Manager LedBy(LeaderElector leaderElection)
    {
        election = leaderElection;
        return this;
    }

    /// <summary>Lives as long as the manager: disposed with it, what came last first. Null is nothing.</summary>
    public Manager Owning(params IEnumerable<IDisposable?> parts)
    {
        foreach (var part in parts.OfType<IDisposable>())
        {
            owned.Push(part);
        }

        return this;
    }

    /// <summary>What is wrong, one line each, naming who; empty when all is well. What <c>/healthz</c> says.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. watched.Where(store => store.Silence > options.SilenceLimit)
            .Select(store => $"{store.Name}: nothing heard for {store.Silence.TotalSeconds:F0} s"),
        .. parts.Select(part => part.Problem).OfType<string>(),
    ];

    /// <summary>What is not ready yet, one line each. What <c>/readyz</c> says.</summary>
    public IReadOnlyList<string> Unready() =>
        [.. watched.Where(store => !store.HasSynced).Select(store => $"{store.Name}: not synced")];

    /// <summary>Runs until cancelled, until leadership is lost, or until a part fails;
    /// returns one of <see cref="ExitCodes"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
        stores.Start();
        beside.Start();
        var leading = Task.CompletedTask;
        var synced = Task.WhenAll(watched.Select(store => store.WaitForSyncAsync(cancellation)));
        var end = await WaitAsync([synced, stopped], goal: synced, cancellation);
        if (end is null && election is not null)
        {
            LogCompeting();
            leading = Task.Run(() => election.RunAsync(resigning.Token), CancellationToken.None);
            end = await WaitAsync([election.Acquired, leading, stopped], goal: election.Acquired, cancellation);
        }

        if (end is null)
        {
            LogStarting();
            led.Start();
            end = await WaitAsync(election is null ? [stopped] : [leading, stopped], goal: null, cancellation);
        }

        var exitCode = end ?? ExitCodes.Failed;
        LogStopping(exitCode);
        await StopAsync(exitCode, leading);
        return exitCode;
    }

    public void Dispose()
    {
        stores.Dispose();
        beside.Dispose();
        led.Dispose();
        resigning.Dispose();
        while (owned.TryPop(out var part))
        {
            part.Dispose();
        }
    }

    /// <summary>Null when the goal was reached; else why the process must end.</summary>
    private async Task<int?> WaitAsync(IEnumerable<Task> ends, Task? goal, CancellationToken cancellation)
    {
        var first = await Task.WhenAny([.. ends, stores.Broken, beside.Broken, led.Broken]);
        if (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Stopped;
        }

        foreach (var group in new[] { stores, beside, led })
        {
            if (group.Broken.IsCompletedSuccessfully)
            {
                var failure = await group.Broken;
                LogBroken(group.Name, failure);
                return ExitCodes.Failed;
            }
        }

        return first == goal ? null : ExitCodes.LeadershipLost;
    }

    /// <summary>In reverse. The lease is given back only when nothing that needs it runs any more.</summary>
    private async Task StopAsync(int end, Task leading)
    {
        if (end == ExitCodes.LeadershipLost)
        {
            led.Abort(); // somebody else may lead already: nothing in hand may go on
        }

        var isQuiet = await StopAsync(led, options.Grace);
        if (isQuiet)
        {
            await resigning.CancelAsync();
            await Task.WhenAny(leading, Task.Delay(options.AbortGrace, time, CancellationToken.None));
        }

        await StopAsync(beside, options.AbortGrace);
        await StopAsync(stores, options.AbortGrace);
    }

    private async Task<bool> StopAsync(RunGroup group, TimeSpan grace)
    {
        var isQuiet = await group.StopAsync(grace, options.AbortGrace);
        if (!isQuiet)
        {
            LogLeftBehind(group.Name);
        }

        return isQuiet;
    }

    private IRunnable Examined(IRunnable runnable)
    {
        if (runnable is IHealth part)
        {
            parts.Add(part);
        }

        return runnable;
    }
}

/// <summary>What <see cref="Manager.RunAsync"/> returns, for the process to end with.</summary>
public static class ExitCodes
{
    public const int Stopped = 0;

    /// <summary>Something that should run for ever ended.</summary>
    public const int Failed = 1;

    /// <summary>Another process leads, or may: restart and wait in line (EX_TEMPFAIL).</summary>
    public const int LeadershipLost = 75;
}

public sealed record ManagerOptions
{
    /// <summary>How long work in hand may go on after a stop is asked for;
    /// below the 30 s that a pod is given by default.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long to wait for what was aborted before the process ends without it.</summary>
    public TimeSpan AbortGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A watch that has heard nothing for this long is not healthy. Longer than several reopenings, so that an
    /// apiserver that restarts does not restart us too.
    /// </summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(3);
}
