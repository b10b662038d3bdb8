using System.Collections.Concurrent;
using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Copies;

/// <summary>Whether somebody says that what workers were refused for is mended: by <c>byok.dev/reconcile-at</c>, set
/// anew while it is refused.</summary>
internal sealed class FixedAnew
{
    /// <summary>The one that was followed last, by store: in memory, for a status is nobody's word.</summary>
    private readonly ConcurrentDictionary<ObjectKey, string?> followed = new();

    /// <summary>What stood there when this process first looked is from before;
    /// what was set while nothing is refused asks for nothing.</summary>
    /// <param name="store">Whose annotation.</param>
    /// <param name="isRefused">Null where nobody could see.</param>
    public bool Note(EncryptedStore store, bool? isRefused)
    {
        var (key, asked) = (store.Metadata.Key, store.Metadata.Annotations?.GetValueOrDefault(Labels.ReconcileAt));
        var last = followed.GetOrAdd(key, asked);
        if (isRefused == false)
        {
            followed[key] = asked;
            return false;
        }

        return asked is not null && asked != last;
    }

    public void Forget(ObjectKey store) => followed.TryRemove(store, out _);
}
