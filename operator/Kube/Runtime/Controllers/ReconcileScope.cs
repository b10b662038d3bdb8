using System.Collections;
using System.Globalization;
using Kube.Core;

namespace Kube.Runtime.Controllers;

/// <summary>The log scope of one reconcile: controller, key, and an id that joins the lines of this one call.</summary>
internal sealed class ReconcileScope(string controller, ObjectKey key, long id)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("controller", controller),
        1 => new("key", key),
        2 => new("reconcile", id),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"controller:{controller} key:{key} reconcile:{id}");

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
