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
