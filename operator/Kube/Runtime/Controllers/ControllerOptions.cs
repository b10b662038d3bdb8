using Kube.Core;
using Kube.Runtime.Scheduling;

namespace Kube.Runtime.Controllers;

/// <summary>What a controller is called, what wakes it, and its limits.</summary>
public sealed record ControllerOptions
{
    /// <summary>Short and lower-case: a metric label and a log field.</summary>
    public required string Name { get; init; }

    /// <summary>What it reconciles, as the API server calls the kind; for traces.</summary>
    public string? Kind { get; init; }

    public required IReadOnlyList<Trigger> Triggers { get; init; }

    /// <summary>Reconciles at once, never two for one key.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>
    /// How many of them may be at work on what was there before we started; null: all. The others, and the machine with
    /// them, stay free for what happens now.
    /// </summary>
    public int? RoutineWorkers { get; init; }

    /// <summary>
    /// Whose an object is: groups take turns, so that one with a thousand objects costs another nothing. Null: all are
    /// of one group.
    /// </summary>
    public Func<ObjectKey, string>? GroupOf { get; init; }

    /// <summary>How many of the workers one group may hold at once, such as while the cloud it is on hangs; null:
    /// all.</summary>
    public int? GroupWorkers { get; init; }

    /// <summary>Each object is looked at again after this long, ±10 %,
    /// even if nothing happens and nobody asks.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A reconcile that takes longer is cancelled, and tried again with back-off.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Between tries of a key that keeps throwing. The ceiling must be above <see cref="Resync"/>: what always fails
    /// must in the end cost less than what works.
    /// </summary>
    public BackoffPolicy Backoff { get; init; } =
        new(First: TimeSpan.FromSeconds(1), Ceiling: TimeSpan.FromMinutes(20));

    /// <summary>
    /// How often a key may ask for Again without a pause. A reconciler that always sees something to do would
    /// otherwise load the apiserver without end.
    /// </summary>
    public int MostAgains { get; init; } = 200;
}
