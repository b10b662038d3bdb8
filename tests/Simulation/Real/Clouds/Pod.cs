using ByokOperator.Copying;

namespace Simulation.Real.Clouds;

/// <summary>One pod of a copy Job: what it was told, and what it found in the source when it began.</summary>
internal sealed record Pod(CopyOptions Options, IReadOnlyList<Entry> Listed)
{
    /// <summary>It gets on once in so many turns; some are slow enough to outlive what they were started for.</summary>
    public int Pace { get; init; }

    /// <summary>It asks at its beginning whether the migration is over, and then takes its time.</summary>
    public bool SawReceipt { get; init; }

    public bool IsDone { get; set; }

    /// <summary>Its node is out of breath.</summary>
    public bool IsStalled { get; set; }
}
