using Cloud.Objects;

namespace Byok.Copying;

/// <summary>
/// One side of a merge join: a stream in key order, read a key at a time. A stream out of order is an error, because a
/// join over it would silently leave things out.
/// </summary>
internal sealed class ObjectStream<T>(
    IAsyncEnumerator<T> items, Func<T, string> keyOf, ObjectOrder order) : IAsyncDisposable
{
    private bool started;
    private bool ended;

    public static ObjectStream<T> Over(
        IAsyncEnumerable<T> items, Func<T, string> keyOf, ObjectOrder order, CancellationToken cancellation) =>
        new(items.GetAsyncEnumerator(cancellation), keyOf, order);

    /// <summary>The next key, or null at the end.</summary>
    public async ValueTask<string?> PeekAsync()
    {
        if (!started)
        {
            started = true;
            ended = !await items.MoveNextAsync();
        }

        return ended ? null : keyOf(items.Current);
    }

    /// <summary>Everything of that key, in the stream's order; empty when the stream has none.
    /// Smaller keys are passed over.</summary>
    public async ValueTask<List<T>> TakeAsync(string key)
    {
        List<T> taken = [];
        while (await PeekAsync() is { } next)
        {
            var comparison = order.Compare(next, key);
            if (comparison > 0)
            {
                break;
            }

            if (comparison == 0)
            {
                taken.Add(items.Current);
            }

            await StepAsync(next);
        }

        return taken;
    }

    /// <summary>Passes over everything up to and including that key.</summary>
    public async ValueTask SkipThroughAsync(string key) => await TakeAsync(key);

    public ValueTask DisposeAsync() => items.DisposeAsync();

    private async ValueTask StepAsync(string from)
    {
        ended = !await items.MoveNextAsync();
        if (!ended && order.Compare(keyOf(items.Current), from) < 0)
        {
            throw new InvalidDataException($"a listing came out of key order: '{keyOf(items.Current)}' after '{from}'");
        }
    }
}
