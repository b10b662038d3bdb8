using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>Deletes what is listed, some of it at a time: an act stays short,
/// so that a lost leadership and a changed world are noticed soon.</summary>
internal sealed class BatchRemoval(IObjectData data)
{
    private const int BatchesPerAct = 10;

    private const int BatchSize = 1_000;

    /// <summary>The same, where it is known at once whether something may be deleted still.</summary>
    public Task<bool> RemoveAsync(
        StoreRef place, IAsyncEnumerable<ObjectVersion> versions, Action mayAct, CancellationToken cancellation)
    {
        return RemoveAsync(place, versions, AskAsync, cancellation);

        Task AskAsync(IReadOnlyList<ObjectVersion> batch)
        {
            mayAct();
            return Task.CompletedTask;
        }
    }

    /// <param name="place">Where it stands.</param>
    /// <param name="versions">Exactly these.</param>
    /// <param name="mayAct">Throws where nothing of the next request may be deleted; asked before each.</param>
    /// <param name="cancellation">As everywhere.</param>
    /// <returns>Whether nothing of it is left.</returns>
    public async Task<bool> RemoveAsync(
        StoreRef place, IAsyncEnumerable<ObjectVersion> versions, Func<IReadOnlyList<ObjectVersion>, Task> mayAct,
        CancellationToken cancellation)
    {
        var batches = 0;
        await foreach (var batch in versions.Chunk(BatchSize).WithCancellation(cancellation))
        {
            if (batches++ == BatchesPerAct)
            {
                return false;
            }

            await mayAct(batch);
            await data.DeleteVersionsAsync(place, batch, cancellation);
        }

        return true;
    }
}
