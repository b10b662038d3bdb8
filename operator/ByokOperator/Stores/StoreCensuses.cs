using System.Collections.Concurrent;
using Byok.Copying;
using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>The last census of each store, for status: a census is made with a report, not with every look.</summary>
internal sealed class StoreCensuses
{
    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<CensusEntry>> last = new();

    /// <summary>How many versions one census asks about, one by one.</summary>
    public int Questions { get; init; } = Census.DefaultQuestions;

    public IReadOnlyList<CensusEntry>? Find(ObjectKey key) => last.GetValueOrDefault(key);

    public void Put(ObjectKey key, IReadOnlyList<CensusEntry> census) => last[key] = census;

    public void Forget(ObjectKey key) => last.TryRemove(key, out _);
}
