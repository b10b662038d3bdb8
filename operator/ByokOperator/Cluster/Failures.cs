using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using Cloud;
using Kube.Core;

namespace ByokOperator.Cluster;

/// <summary>What a failed act is called in a condition: a stable reason, and words without ids or times.</summary>
internal static class Failures
{
    public static FailureText Explain(Exception cause) => cause switch
    {
        CloudException cloud =>
            new(FactReader.ReasonFor(cloud.Problem),
                $"{cloud.Operation}: {cloud.Problem.Code}: {cloud.Problem.Message}"),
        KubeException kube
            when Namespaces.IsRefusal(kube.Status) =>
                new("NamespaceTerminating", "the namespace is being deleted: nothing is made in it any more"),
        KubeException { Status.IsForbidden: true } kube =>
            new(Enrolment.NoRights, kube.Status.Message ?? "", NeedsPerson: true),
        KubeException kube => new(kube.Status.IsConflict ? "Conflict" : "ApiServerRefused", kube.Status.Message ?? ""),
        RefusedActException refused => new(refused.Reason, refused.Message, refused.NeedsPerson),
        HttpRequestException or OperationCanceledException => new("Unreachable", "no answer in time"),
        _ => new("InternalError", $"a bug: {cause.GetType().Name}; see the operator's log"),
    };

    /// <summary>
    /// Of an act that closes: a refusal that will not pass by itself keeps a store open until a person sees to it, so
    /// it is not work in progress. It goes on being tried.
    /// </summary>
    public static FailureText ExplainClosing(Exception cause) => cause switch
    {
        CloudException { Problem: CloudProblem.Conflict { Code: "NotOurs" } stranger } =>
            new FailureText("TargetNotOurs", stranger.Message, NeedsPerson: true),
        _ => Explain(cause) with { NeedsPerson = StaysRefused(cause) },
    };

    private static bool StaysRefused(Exception cause) => cause switch
    {
        CloudException { Problem: CloudProblem.Forbidden or CloudProblem.Refused or CloudProblem.NotFound } => true,
        CloudException { Problem: CloudProblem.Conflict conflict } => conflict.Code == "PolicyFull",
        KubeException kube => kube.Status.IsForbidden,
        OperationCanceledException => true, // all the time that an act of a closing has, and the store is still open
        _ => false,
    };
}
