namespace ByokOperator.Api;

/// <summary>Whether stores follow a new version of the key by themselves.</summary>
public sealed record KeyRotation
{
    public const string Automatic = "Automatic";
    public const string Manual = "Manual";

    public string Confirmation { get; init => field = value ?? Automatic; } = Automatic;

    /// <summary>With <see cref="Manual"/>: the version that stores may go under. Left out, it is the one that the key was first proved with.</summary>
    public string? ConfirmedVersion { get; init; }
}
