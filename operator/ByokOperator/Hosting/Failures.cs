using ByokOperator.Reconciling;
using Cloud;
using Kube.Core;

namespace ByokOperator.Hosting;

/// <summary>What a failed act is called in a condition: a stable reason, and words without ids or times.</summary>
internal static class Failures
{
    public static (string Reason, string Message) Explain(Exception cause) => cause switch
    {
        CloudException cloud => (Sight.ReasonFor(cloud.Problem), $"{cloud.Operation}: {cloud.Problem.Code}: {cloud.Problem.Message}"),
        KubeException kube => (kube.Status.IsForbidden ? "Forbidden" : kube.Status.IsConflict ? "Conflict" : "ApiServerRefused", kube.Status.Message ?? ""),
        RefusedActException refused => (refused.Reason, refused.Message),
        HttpRequestException or OperationCanceledException => ("Unreachable", "no answer in time"),
        _ => ("InternalError", $"a bug: {cause.GetType().Name}; see the operator's log"),
    };
}
