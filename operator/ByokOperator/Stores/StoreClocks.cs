using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Records;

namespace ByokOperator.Stores;

/// <summary>The times on a store's record: since when nobody can look at it, when it was closed and opened
/// again.</summary>
internal sealed class StoreClocks(OperatorContext around)
{
    private readonly RecordWriter records = new(around);

    /// <summary>An earlier one stays. Nothing is written of a store that was put nowhere.</summary>
    /// <returns>The clock that runs now.</returns>
    public Task<DateTimeOffset?> StartUnseenAsync(
        EncryptedStore store, DateTimeOffset since, CancellationToken cancellation) =>
        ClockAsync(store, known => known ?? since, cancellation);

    /// <summary>The clock that was started at this time, and no other.</summary>
    /// <returns>The clock that runs now.</returns>
    public Task<DateTimeOffset?> StopUnseenAsync(
        EncryptedStore store, DateTimeOffset since, CancellationToken cancellation) =>
        ClockAsync(store, known => known == since ? null : known, cancellation);

    /// <summary>A closing that goes on keeps its time. Nothing is written of a store that was put nowhere.</summary>
    /// <returns>What stands now.</returns>
    public Task<StoreClosure?> NoteClosedAsync(
        EncryptedStore store, DateTimeOffset at, CancellationToken cancellation) =>
        ClosureAsync(store, known => known is { ReopenedAt: null } ? known : new StoreClosure(at), cancellation);

    /// <summary>The closing that was noted at this time, and no other.</summary>
    /// <returns>What stands now.</returns>
    public Task<StoreClosure?> NoteReopenedAsync(
        EncryptedStore store, StoreAct.NoteReopened note, CancellationToken cancellation) =>
        ClosureAsync(store,
            known =>
                known is { ReopenedAt: null } && known.ClosedAt == note.ClosedAt ? known with { ReopenedAt = note.At }
                    : known, cancellation);

    private async Task<StoreClosure?> ClosureAsync(
        EncryptedStore store, Func<StoreClosure?, StoreClosure?> edit, CancellationToken cancellation) =>
        (await records.EditAsync<StoreRecord>(
            RecordOwner.Of(store.Metadata),
            record => record.Place is null ? record : record with { Closure = edit(record.Closure) },
            cancellation)).Closure;

    private async Task<DateTimeOffset?> ClockAsync(
        EncryptedStore store, Func<DateTimeOffset?, DateTimeOffset?> edit, CancellationToken cancellation)
    {
        var standing = await records.EditAsync<StoreRecord>(
            RecordOwner.Of(store.Metadata),
            record => record.Place is null ? record : record with { UnseenSince = edit(record.UnseenSince) },
            cancellation);
        return standing.UnseenSince;
    }
}
