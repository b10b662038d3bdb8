namespace Simulation.Real.Operators;

/// <summary>Which ways to a tenant's data stand.</summary>
internal readonly record struct Openness(bool IsBound, bool IsDenied, bool IsGranted, int Running)
{
    public bool IsPlaced { get; private init; }

    /// <summary>Which material the stored canary was made with.</summary>
    public int? Canary { get; init; }

    /// <summary>Whose the place is.</summary>
    public string? RightOwner { get; private init; }

    /// <summary>Further buckets of the store, and those of them that are shut.</summary>
    public (int All, int Denied) Others { get; private init; }

    public bool IsFenced { get; private init; }

    public bool IsServed { get; private init; }

    public int Copies { get; private init; }

    public int Shared { get; private init; }

    public static Openness Of(Home home, World world) => new(
        world.People.Binding(home) is not null, home.Target?.IsDenied == true, home.IsGranted,
        world.People.Running(home))
    {
        IsPlaced = home.IsOurs,
        RightOwner = home.Target?.RightOwner,
        Others = (home.Others.Count(), home.Others.Count(bucket => bucket.IsDenied)),
        IsFenced = home.Fence is not null,
        IsServed = home.IsServed,
        Copies = world.People.Jobs(home).Count,
        Shared = home.Shared.Under(home.Prefix).Count(),
    };

    /// <summary>What an act made, opened, switched or retired.</summary>
    public string? Began(Openness after) =>
        !IsPlaced && after.IsPlaced ? "the place"
        : !IsFenced && after.IsFenced ? "a fence"
        : !IsServed && after.IsServed ? "the switch"
        : Copies < after.Copies ? "a copy"
        : Shared > after.Shared ? "the retirement"
        : Opened(after) is { } opened && opened != "the workloads" ? opened
        : null;

    /// <summary>What an act opened that was shut before it, if any.</summary>
    public string? Opened(Openness after) =>
        !IsBound && after.IsBound ? "the binding"
        : IsDenied && !after.IsDenied && after.RightOwner is not null ? "the bucket"
        : Others.All == after.Others.All && after.Others.Denied < Others.Denied ? "the other bucket"
        : !IsGranted && after.IsGranted ? "the grant"
        : Running == 0 && after.Running > 0 ? "the workloads"
        : null;
}
