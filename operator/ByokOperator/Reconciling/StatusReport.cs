using Kube.Core;

namespace ByokOperator.Reconciling;

/// <summary>From what every rung says to the conditions of a status. Pure; times are the writer's business.</summary>
public static class StatusReport
{
    public const string Ready = "Ready";
    public const string ReconcilingCondition = "Reconciling";
    public const string Stalled = "Stalled";

    /// <summary>Reason of a condition that is False because the spec asks for it:
    /// it stands beside a Ready that is True.</summary>
    public const string KeptAsAsked = "KeptAsAsked";

    /// <summary>The reason of what was consented to and is the tenant's to begin, whenever that is.</summary>
    public const string NewMaterialAwaited = "NewMaterialAwaited";

    /// <summary>What the way back to the shared place would take is told. It is not begun, as the spec asks.</summary>
    public const string ReturnPlanned = "ReturnPlanned";

    /// <summary>The same while it is being counted.</summary>
    public const string ReturnNotCounted = "ReturnNotCounted";

    /// <summary>A condition's message may hold 32 KiB; a screen of it is enough.</summary>
    private const int MaxMessage = 1024;

    /// <summary>
    /// Ready first, then Reconciling or Stalled where true, then a condition per rung. An act that failed shows on its
    /// rung, in the words of <paramref name="explain"/>, which must be the same from try to try. Of several steps side
    /// by side one that only a person can help with speaks for all.
    /// </summary>
    /// <param name="isServing">False while closing or deleting: such an object is never Ready,
    /// however complete.</param>
    public static IReadOnlyList<Condition> Conditions<TWorld>(
        Plan<TWorld> plan,
        TWorld world,
        bool isServing,
        long generation,
        IReadOnlyList<ActFailure> failures,
        Func<Exception, FailureText> explain) =>
            Conditions(plan, Rungs(plan, world, failures, explain), isServing, generation);

    public static IReadOnlyList<Condition> Conditions<TWorld>(
        Plan<TWorld> plan, IReadOnlyList<RungReport> reported, bool isServing, long generation)
    {
        var rungs = reported.ToList();
        var first = rungs.Find(rung => rung.Kind is RungKind.Stuck && plan.Steps.Any(step => step.On == rung.Type))
            ?? rungs.Find(rung => rung.Kind is not (RungKind.Holds or RungKind.Deferred));
        var deferred = rungs.Find(rung => rung.Kind is RungKind.Deferred)
            ?? rungs.Find(rung => rung is { Kind: RungKind.Holds, Message.Length: > 0 });
        var pause = plan.Steps.OfType<Step.Wait>().FirstOrDefault(wait => wait.Rung == "Paused");
        return [.. Summary(plan.Name, first, isServing, pause is not null, deferred)
            .Concat(rungs.Select(rung => Make(rung.Type, rung.Status, rung.Reason, rung.Message)))
            .Select(condition => condition with { ObservedGeneration = generation })];
    }

    /// <summary>What each rung says, a failed act included.</summary>
    public static IReadOnlyList<RungReport> Rungs<TWorld>(
        Plan<TWorld> plan, TWorld world, IReadOnlyList<ActFailure> failures, Func<Exception, FailureText> explain) =>
        [.. Ladder.Report(plan.Rungs, world).Select(rung => Explained(rung, failures, explain))];

    private static IEnumerable<Condition> Summary(
        string plan, RungReport? first, bool isServing, bool isPaused, RungReport? deferred)
    {
        if (first is null)
        {
            yield return isServing
                ? Make(Ready, "True", Ready, deferred is null ? "" : $"{deferred.Type}: {deferred.Message}")
                : Make(Ready, "False", plan, deferred is null ? "" : $"{deferred.Type}: {deferred.Message}");
            yield break;
        }

        if (isPaused)
        {
            yield return Make(Ready, "False", "Paused",
                $"{first.Type}: {first.Reason}; nothing but closing is done until the annotation byok.dev/paused is "
                    + "taken away");
            yield break;
        }

        var status = first.Kind is RungKind.Unseen ? "Unknown" : "False";
        yield return Make(Ready, status, first.Reason,
            $"{first.Type}{(first.Message.Length > 0 ? ": " : "")}{first.Message}");
        yield return first.Kind is RungKind.Stuck
            ? Make(Stalled, "True", first.Reason, first.Message)
            : Make(ReconcilingCondition, "True", first.Reason, first.Message);
    }

    private static RungReport Explained(
        RungReport rung, IReadOnlyList<ActFailure> failures, Func<Exception, FailureText> explain)
    {
        // What a person has to do is said already, better than a try that had to fail can.
        if (rung.Kind is RungKind.Stuck
            || failures.FirstOrDefault(failure => failure.Rung == rung.Type) is not { } failed)
        {
            return rung;
        }

        var words = explain(failed.Cause);
        return rung with { Reason = words.Reason, Message = words.Message, Kind = words.NeedsPerson ? RungKind.Stuck
            : rung.Kind };
    }

    private static Condition Make(string type, string status, string reason, string message) => new()
    {
        Type = type,
        Status = status,
        Reason = reason,
        Message = message.Length <= MaxMessage ? message : string.Concat(message.AsSpan(0, MaxMessage - 1), "…"),
    };
}
