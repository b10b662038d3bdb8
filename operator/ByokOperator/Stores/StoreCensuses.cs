using System.Collections.Concurrent;
using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>The last census of each store, for status: a census is made with a report, not with every look.</summary>
internal sealed class StoreCensuses
{
    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<CensusEntry>> last = new();

    public IReadOnlyList<CensusEntry>? Find(ObjectKey key) => last.GetValueOrDefault(key);

    public void Put(ObjectKey key, IReadOnlyList<CensusEntry> census) => last[key] = census;

    public void Forget(ObjectKey key) => last.TryRemove(key, out _);
}
