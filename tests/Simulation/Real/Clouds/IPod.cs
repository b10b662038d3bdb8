namespace Simulation.Real.Clouds;

/// <summary>One pod of a Job.</summary>
internal interface IPod
{
    /// <summary>It gets on once in so many turns; some are slow enough to outlive what they were started for.</summary>
    int Pace { get; set; }

    bool IsDone { get; set; }

    /// <summary>Its node is out of breath.</summary>
    bool IsStalled { get; }
}
