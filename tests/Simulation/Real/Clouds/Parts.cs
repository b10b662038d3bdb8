namespace Simulation.Real.Clouds;

/// <summary>An upload by parts under way: it is written under the key that it began with,
/// whatever the store admits when it is completed.</summary>
/// <param name="Whole">What it will be.</param>
internal sealed record Parts(string Id, Entry Whole);
