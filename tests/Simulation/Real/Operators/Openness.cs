namespace Simulation.Real.Operators;

/// <summary>Which ways to a tenant's data stand.</summary>
internal readonly record struct Openness(bool IsBound, bool IsDenied, bool IsGranted, int Running)
{
    public static Openness Of(Home home, World world) => new(
        world.People.Binding(home) is not null, home.Target?.IsDenied == true, home.IsGranted, world.People.Running(home));

    /// <summary>What an act opened that was shut before it, if any.</summary>
    public string? Opened(Openness after) =>
        !IsBound && after.IsBound ? "the binding"
        : IsDenied && !after.IsDenied ? "the bucket"
        : !IsGranted && after.IsGranted ? "the grant"
        : Running == 0 && after.Running > 0 ? "the workloads"
        : null;
}
