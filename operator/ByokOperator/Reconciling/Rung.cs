using System.Diagnostics;

namespace ByokOperator.Reconciling;

/// <summary>A requirement, its public condition type, and the pure judgement of it.</summary>
public sealed record Rung<TWorld>(string Condition, Func<TWorld, Finding> Look);

/// <summary>What a rung's finding means for the summary conditions.</summary>
public enum RungKind
{
    Holds,

    /// <summary>Not yet, as asked.</summary>
    Deferred,
    Working,
    Unseen,
    Stuck,
}

/// <summary>How a rung shows as a condition; <see cref="Kind"/> decides Reconciling and Stalled.</summary>
public sealed record RungReport(string Type, string Status, string Reason, string Message, RungKind Kind)
{
    public static RungReport Of(string type, Finding finding) => finding switch
    {
        Finding.Holds holds =>
            new(type, "True", holds.Reason.Length > 0 ? holds.Reason : "Observed", holds.Message, RungKind.Holds),
        Finding.Deferred deferred => new(type, "False", deferred.Reason, deferred.Message, RungKind.Deferred),
        Finding.Unseen unseen => new(type, "Unknown", unseen.Reason, unseen.Message, RungKind.Unseen),
        Finding.Lacks lacks => new(type, "False", lacks.Reason, lacks.Message, RungKind.Working),
        Finding.Pending pending => new(type, "False", pending.Reason, pending.Message, RungKind.Working),
        Finding.Stuck stuck => new(type, "False", stuck.Reason, stuck.Message, RungKind.Stuck),
        _ => throw new UnreachableException(finding.GetType().Name),
    };
}
