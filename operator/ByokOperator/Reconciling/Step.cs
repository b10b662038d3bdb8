namespace ByokOperator.Reconciling;

/// <summary>What this reconcile should do. Exactly one of: act, wait, stop, rest.</summary>
public abstract record Step
{
    private Step()
    {
    }

    public sealed record Take(string Rung, string Reason, Act Act) : Step;

    public sealed record Wait(string Rung, string Reason, TimeSpan Recheck) : Step;

    public sealed record Halt(string Rung, string Reason) : Step;

    public sealed record Rest : Step;
}
