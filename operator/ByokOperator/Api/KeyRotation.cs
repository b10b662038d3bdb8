namespace ByokOperator.Api;

/// <summary>Whether stores follow a rotation of the key by themselves.</summary>
public sealed record KeyRotation
{
    public const string Automatic = "Automatic";
    public const string Manual = "Manual";
    public const string Pause = "Pause";
    public const string Continue = "Continue";

    public string Confirmation { get; init => field = value ?? Automatic; } = Automatic;

    /// <summary>With <see cref="Manual"/>: the version that stores may go under. Left out,
    /// it is the one that the key was first proved with.</summary>
    public string? ConfirmedVersion { get; init; }

    /// <summary>With <see cref="Manual"/>: <see cref="Pause"/> suspends the stores' workloads while a version waits,
    /// <see cref="Continue"/> warns only.</summary>
    public string WhileUnconfirmed { get; init => field = value ?? Pause; } = Pause;
}
