namespace Simulation.Real.Clouds;

/// <summary>What a call of the operator's is a call to.
/// What fails in one keeps nothing from being done in another.</summary>
internal enum Domain
{
    Cluster,
    Kms,
    Buckets,
    Objects,
}
