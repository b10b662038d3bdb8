namespace Simulation.Imports;

/// <summary>One key of the platform's account, as it really is.</summary>
internal sealed class CloudKey
{
    public required string Id { get; init; }

    /// <summary>Lists show it from then on, lookups by id at once.</summary>
    public required DateTimeOffset ListedAt { get; init; }

    /// <summary>0: none.</summary>
    public int Material { get; set; }

    /// <summary>The first one that it ever held: the cloud takes no other.</summary>
    public int BoundTo { get; set; }

    public bool IsAlive { get; set; } = true;
}
