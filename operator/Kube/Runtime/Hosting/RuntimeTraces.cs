using System.Diagnostics;
using Kube.Core;

namespace Kube.Runtime.Hosting;

/// <summary>
/// Spans of the runtime, from the source <see cref="SourceName"/>: one a reconcile, and one a request to the API server
/// below it. Names of objects stand in them, contents never. Nobody listens: nothing is made.
/// </summary>
public static class RuntimeTraces
{
    public const string SourceName = "Kube.Runtime";

    private static readonly ActivitySource source = new(SourceName);

    internal static Activity? Reconcile(string controller, string? kind, ObjectKey key, long id) => source
        .StartActivity($"reconcile {controller}")?
        .SetTag("controller", controller)
        .SetTag("kind", kind)
        .SetTag("namespace", key.Namespace)
        .SetTag("name", key.Name)
        .SetTag("reconcile", id);

    /// <param name="outcome">As in the metric <c>kube_reconciles_total</c>.</param>
    /// <param name="failure">Its type is told. A message may quote what somebody else wrote.</param>
    internal static void Reconciled(Activity? span, string outcome, Exception? failure = null)
    {
        span?.SetTag("outcome", outcome);
        Failed(span, failure?.GetType().FullName);
    }

    /// <param name="verb">As RBAC calls it.</param>
    /// <param name="address">Its query is left out.</param>
    internal static Activity? Request(string verb, Uri? address)
    {
        var span = source.StartActivity($"kubernetes {verb}", ActivityKind.Client);
        if (span is { IsAllDataRequested: true } && address is { IsAbsoluteUri: true })
        {
            span.SetTag("server.address", address.Host).SetTag("url.path", address.AbsolutePath);
        }

        return span?.SetTag("verb", verb);
    }

    /// <param name="status">Of HTTP; 0: no answer came.</param>
    internal static void Answered(Activity? span, int status)
    {
        span?.SetTag("http.response.status_code", status);
        Failed(span, status is 0 or >= 400 ? $"{status}" : null);
    }

    private static void Failed(Activity? span, string? what)
    {
        if (what is not null)
        {
            span?.SetTag("error.type", what).SetStatus(ActivityStatusCode.Error);
        }
    }
}
