namespace ByokOperator.Reconciling;

/// <summary>What this reconcile should do. Exactly one of: act, wait, stop, rest.</summary>
public abstract record Step
{
    private Step()
    {
    }

    /// <summary>The rung that it is for; null at rest.</summary>
    public string? On => this switch
    {
        Take take => take.Rung,
        Wait wait => wait.Rung,
        Halt halt => halt.Rung,
        _ => null,
    };

    public sealed record Take(string Rung, string Reason, Act Act) : Step
    {
        /// <summary>Nobody saw that it is needed: what it did, the next look tells, after a while.</summary>
        public bool IsBlind { get; init; }
    }

    public sealed record Wait(string Rung, string Reason, TimeSpan Recheck) : Step;

    public sealed record Halt(string Rung, string Reason) : Step;

    public sealed record Rest : Step;
}
