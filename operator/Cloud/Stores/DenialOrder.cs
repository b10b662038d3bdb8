namespace Cloud.Stores;

/// <summary>What the caller of <see cref="IObjectStores.DenyAsync"/> vouches for,
/// and who keeps what has to be written over.</summary>
/// <param name="IsRecorded">
/// An authentic record of the operator's own says that this place is this owner's. Then it is closed too where it is
/// <see cref="StoreOwnership.Unmarked"/> or <see cref="StoreOwnership.Forbidden"/>, and where nobody can tell whose it
/// is. Another owner's tag stays a stranger's.
/// </param>
/// <param name="Earlier">What an earlier closing set aside and nobody put back yet;
/// it is part of whatever is kept now.</param>
/// <param name="KeepAsync">
/// Takes, durably and over what it took before, what stands there and is about to be written over. What it throws holds
/// nothing up, nor does what takes longer than <see cref="LongestKeeping"/>. Null: nobody keeps it.
/// </param>
public sealed record DenialOrder(bool IsRecorded, string? Earlier, Func<string, CancellationToken, Task>? KeepAsync)
{
    /// <summary>A closing is never held up by what others wrote.</summary>
    public static readonly TimeSpan LongestKeeping = TimeSpan.FromSeconds(2);

    /// <summary>The tag alone counts, and nobody keeps anything.</summary>
    public static DenialOrder ByTag { get; } = new(IsRecorded: false, Earlier: null, KeepAsync: null);

    internal bool MayClose(StoreOwnership? ownership) => ownership is StoreOwnership.Ours or StoreOwnership.Earlier
        || (IsRecorded && ownership is null or StoreOwnership.Unmarked or StoreOwnership.Forbidden);

    /// <returns>Whether it is kept.</returns>
    internal async Task<bool> TryKeepAsync(string setAside, TimeProvider time, CancellationToken cancellation)
    {
        if (setAside == Earlier || KeepAsync is null)
        {
            return setAside == Earlier;
        }

        using var deadline = new CancellationTokenSource(LongestKeeping, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            // A keeper that does not mind its token is not waited for either.
            await KeepAsync(setAside, either.Token).WaitAsync(LongestKeeping, time, cancellation);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>What closing has to know of a store, and nothing else.</summary>
/// <param name="Ownership">Null where nobody could tell.</param>
/// <param name="IsDenied">Read back: nobody but the operator gets in.</param>
/// <param name="SettlesAt">When what was taken away with it counts everywhere; null where all counts at once.</param>
public sealed record DenialLook(StoreOwnership? Ownership, bool IsDenied, DateTimeOffset? SettlesAt);

/// <summary>How a store was closed.</summary>
/// <param name="SetAside">What stood there and had to give way, for <see cref="IObjectStores.AllowAsync"/>; null where
/// everything stands beside the denial.</param>
/// <param name="IsKept">Whether it was kept durably in time.</param>
/// <param name="Why">The code of the refusal that left no other way; null where nothing was set aside.</param>
public sealed record DenialOutcome(string? SetAside, bool IsKept, string? Why)
{
    public static DenialOutcome Whole { get; } = new(null, IsKept: true, null);
}
