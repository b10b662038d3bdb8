namespace LocalCloud.Storage;

/// <summary>Keys in order in chunks of bounded size: point access and ordered scans without a tree's pointers.
/// Callers lock.</summary>
internal sealed class SortedIndex<T>(Comparison<string> compare)
    where T : class
{
    private const int MaxChunk = 512;

    private readonly List<List<(string Key, T Value)>> chunks = [[]];

    public int Count { get; private set; }

    public T? Find(string key)
    {
        var (chunk, at) = Locate(key);
        return at >= 0 ? chunks[chunk][at].Value : null;
    }

    /// <summary>Adds what isn't there yet.</summary>
    public void Add(string key, T value)
    {
        var (chunk, at) = Locate(key);
        if (at >= 0)
        {
            throw new ArgumentException($"already in the index: {key}", nameof(key));
        }

        var list = chunks[chunk];
        list.Insert(~at, (key, value));
        Count++;
        if (list.Count > MaxChunk)
        {
            // Keys often arrive in order: leave the left chunk nearly full,
            // so that appending doesn't halve the density.
            var keep = ~at == MaxChunk ? MaxChunk - 16 : MaxChunk / 2;
            var right = list.GetRange(keep, list.Count - keep);
            list.RemoveRange(keep, list.Count - keep);
            chunks.Insert(chunk + 1, right);
        }
    }

    public bool Remove(string key)
    {
        var (chunk, at) = Locate(key);
        if (at < 0)
        {
            return false;
        }

        chunks[chunk].RemoveAt(at);
        Count--;
        if (chunks[chunk].Count == 0 && chunks.Count > 1)
        {
            chunks.RemoveAt(chunk);
        }

        return true;
    }

    /// <summary>Values from the key on (or after it), in order. Valid only while the index doesn't change.</summary>
    public IEnumerable<(string Key, T Value)> From(string key, bool after)
    {
        var (chunk, at) = Locate(key);
        at = at < 0 ? ~at : after ? at + 1 : at;
        for (; chunk < chunks.Count; chunk++, at = 0)
        {
            for (; at < chunks[chunk].Count; at++)
            {
                yield return chunks[chunk][at];
            }
        }
    }

    private (int Chunk, int At) Locate(string key)
    {
        int low = 0, high = chunks.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (compare(chunks[middle][^1].Key, key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        var list = chunks[low];
        int first = 0, last = list.Count - 1;
        while (first <= last)
        {
            var middle = (first + last) / 2;
            var order = compare(list[middle].Key, key);
            if (order == 0)
            {
                return (low, middle);
            }

            (first, last) = order < 0 ? (middle + 1, last) : (first, middle - 1);
        }

        return (low, ~first);
    }
}
