using System.Collections.Concurrent;
using ByokOperator.Api;
using Kube.Client;
using Kube.Core;
using Kube.Runtime.Events;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Cluster;

/// <summary>
/// A server whose CRDs are older than this operator drops the fields that they do not have, of a status as of a spec,
/// and says nothing: a tenant's wish would be lost unheard. What comes back of a status tells it, without a right to
/// read definitions. Logged once a field; there are few.
/// </summary>
internal sealed partial class OlderDefinitions(ILogger<OlderDefinitions> logger)
{
    private readonly ConcurrentDictionary<string, bool> told = new(StringComparer.Ordinal);

    /// <summary>Writes statuses of a kind, and hears what the server drops of them.</summary>
    public StatusWriter<T> Writer<T>(KubeApi<T> api, TimeProvider time)
        where T : class, IResource<T> =>
        new(api, Children.FieldManager, time) { LeftOut = field => Tell($"{T.Kind.Plural}.{T.Kind.Group}", field) };

    private void Tell(string definition, string field)
    {
        if (told.TryAdd($"{definition} {field}", true))
        {
            LogOlder(definition, field);
        }
    }
}
