using System.Collections.Concurrent;
using ByokOperator.Records;
using Kube.Core;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

/// <summary>
/// What is told of a key or a store whose object is gone: it has no status and no Events, so the log says it,
/// once per change.
/// </summary>
internal sealed partial class LeftBehind(ILogger<LeftBehind> logger)
{
    private readonly ConcurrentDictionary<ObjectKey, string> last = new();

    /// <param name="address">Of the record.</param>
    /// <param name="owner">Whose record it is.</param>
    /// <param name="ready">The summary that its status would show.</param>
    public void Tell(ObjectKey address, RecordOwner owner, Condition ready)
    {
        var saying = $"{ready.Reason}: {ready.Message}";
        if (last.TryGetValue(address, out var before) && before == saying)
        {
            return;
        }

        last[address] = saying;
        LogLeftBehind(address.Name, owner.Key, saying);
    }

    public void Forget(ObjectKey address) => last.TryRemove(address, out _);
}
