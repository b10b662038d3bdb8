using Byok.Copying;

namespace Simulation.Real.Clouds;

/// <summary>One pod of a copy Job: what it was told, and what it found in the source when it began.</summary>
internal sealed record Pod(CopyOptions Options, IReadOnlyList<Entry> Listed) : IPod
{
    public int Pace { get; set; }

    /// <summary>It asks at its beginning whether the migration is over, and then takes its time.</summary>
    public bool SawReceipt { get; init; }

    public bool IsDone { get; set; }

    public bool IsStalled { get; set; }
}
