namespace Cloud.Stores;

/// <summary>How a store was closed.</summary>
/// <param name="SetAside">What stood there and had to give way, for <see cref="IObjectStores.AllowAsync"/>; null where
/// everything stands beside the denial.</param>
/// <param name="IsKept">Whether it was kept durably in time.</param>
/// <param name="Why">The code of the refusal that left no other way; null where nothing was set aside.</param>
public sealed record DenialOutcome(string? SetAside, bool IsKept, string? Why)
{
    public static DenialOutcome Whole { get; } = new(null, IsKept: true, null);
}
