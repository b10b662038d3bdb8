using System.Diagnostics;
using Kube.Core;
using Kube.Runtime.Hosting;
using Kube.Runtime.Scheduling;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Controllers;

/// <summary>
/// Calls a reconciler for each key that something woke. A key is never with two workers, never dropped (an exception
/// comes back with back-off for as long as it takes), and never forgotten (each
/// object is looked at again every resync).
/// </summary>
public sealed partial class Controller : IRunnable, IHealth, IDisposable
{
    private const double ResyncJitter = 0.1;
    private static readonly TimeSpan pauseAfterAgains = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan stuckGrace = TimeSpan.FromMinutes(1); // beyond the deadline, before we cry

    private readonly ControllerOptions options;
    private readonly IReconciler reconciler;
    private readonly TimeProvider time;
    private readonly ILogger<Controller> logger;
    private readonly WorkQueue<ObjectKey> queue;
    private readonly Progress progress;
    private readonly CancellationTokenSource aborting = new();

    public Controller(ControllerOptions options, IReconciler reconciler, TimeProvider time, ILogger<Controller> logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RoutineWorkers ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Backoff.Ceiling, options.Resync);
        this.options = options;
        this.reconciler = reconciler;
        this.time = time;
        this.logger = logger;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GroupWorkers ?? 1, 1);
        queue = new WorkQueue<ObjectKey>(
            time,
            new(options.RoutineWorkers ?? options.Workers, options.GroupOf, options.GroupWorkers ?? options.Workers));
        progress = new Progress(options, time);
        foreach (var trigger in options.Triggers)
        {
            trigger.Attach((key, priority) => Enqueue(key, priority));
        }
    }

    public string Name => $"controller/{options.Name}";

    /// <summary>Keys due that no worker has taken.</summary>
    public int Depth => queue.Depth;

    /// <summary>Nothing is due and nothing is being worked on.</summary>
    public bool IsIdle => queue.IsIdle;

    public string? Problem => progress.Stuck(options.Deadline + stuckGrace) is { } key
        ? $"{Name}: the reconcile of {key} is far beyond its deadline"
        : null;

    /// <summary>Wakes a key from outside: a message, a timer, another controller. Cheap,
    /// and safe from any thread.</summary>
    public void Enqueue(ObjectKey key, int priority = 0, TimeSpan delay = default)
    {
        queue.Add(key, delay, priority);
        RuntimeMetrics.Queued(options.Name, queue.Depth);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var trigger in options.Triggers)
        {
            await trigger.Informer.WaitForSyncAsync(cancellation);
        }

        await Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(cancellation)));
    }

    public void Abort() => aborting.Cancel();

    public void Dispose()
    {
        queue.Dispose();
        aborting.Dispose();
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            WorkItem<ObjectKey> turn;
            try
            {
                turn = await queue.TakeAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            RuntimeMetrics.Taken(options.Name, turn.Waited);
            RuntimeMetrics.Queued(options.Name, queue.Depth);
            try
            {
                var next = await ReconcileAsync(turn.Key);
                if (next is { } delay)
                {
                    queue.Add(turn.Key, delay);
                }
            }
            finally
            {
                queue.Done(turn.Key);
            }
        }
    }

    /// <summary>Reconciles once; says when to look again (null: only when woken, the object is gone).</summary>
    private async Task<TimeSpan?> ReconcileAsync(ObjectKey key)
    {
        var started = time.GetTimestamp();
        var id = progress.Begin(key);
        using var scope = logger.BeginScope(new ReconcileScope(options.Name, key, id));
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborting.Token);
        using var span = RuntimeTraces.Reconcile(options.Name, options.Kind, key, id);
        try
        {
            var outcome = await reconciler.ReconcileAsync(key, either.Token);
            var next = Next(key, outcome);
            var name = NameOf(outcome);
            RuntimeMetrics.Reconciled(options.Name, name, time.GetElapsedTime(started));
            RuntimeTraces.Reconciled(span, name);
            LogReconciled(key, name, next);
            return next;
        }
        catch (Exception failure) // never dropped, whatever it is: level-triggered work has no other memory
        {
            var late = deadline.IsCancellationRequested && failure is OperationCanceledException;
            var wait = progress.Failed(key);
            wait = failure is IRequeueWithin { LookAgainWithin: { } within } && within < wait ? within : wait;
            RuntimeMetrics.Reconciled(options.Name, late ? "late" : "failed", time.GetElapsedTime(started));
            RuntimeTraces.Reconciled(span, late ? "late" : "failed", failure);
            if (aborting.IsCancellationRequested)
            {
                LogAborted(key);
            }
            else
            {
                LogFailed(key, late ? options.Deadline : null, wait, failure);
            }

            return wait;
        }
        finally
        {
            progress.End(id);
            RuntimeMetrics.Failing(options.Name, progress.FailingKeys);
        }
    }

    private TimeSpan? Next(ObjectKey key, Outcome outcome)
    {
        var agains = progress.Succeeded(key, outcome is Outcome.Again);
        return outcome switch
        {
            Outcome.Await => IsThere(key) ? Resync() : null,
            Outcome.Again when agains > options.MostAgains => PauseAgains(key),
            Outcome.Again => TimeSpan.Zero,
            Outcome.After after => after.Delay < options.Resync ? after.Delay : Resync(),
            _ => throw new UnreachableException(outcome.GetType().Name),
        };
    }

    private TimeSpan PauseAgains(ObjectKey key)
    {
        LogTooManyAgains(key, options.MostAgains, pauseAfterAgains);
        return pauseAfterAgains;
    }

    /// <summary>A controller without a store of its own kind can't know,
    /// and leaves gone objects to their triggers.</summary>
    private bool IsThere(ObjectKey key) => options.Triggers.Any(trigger => trigger.Exists?.Invoke(key) ?? false);

    private TimeSpan Resync() => options.Resync * (1 - ResyncJitter + (2 * ResyncJitter * Random.Shared.NextDouble()));

    private static string NameOf(Outcome outcome) => outcome switch
    {
        Outcome.Await => "await",
        Outcome.Again => "again",
        Outcome.After => "after",
        _ => throw new UnreachableException(outcome.GetType().Name),
    };
}
