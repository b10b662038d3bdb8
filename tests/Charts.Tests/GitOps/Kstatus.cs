namespace Charts.Tests.GitOps;

/// <summary>
/// The rules of kstatus for kinds that it does not know by name, which Flux, kpt and <c>kubectl wait</c>'s successors
/// go by (sigs.k8s.io/cli-utils, pkg/kstatus/status, generic.go and core.go).
/// </summary>
internal static class Kstatus
{
    public const string Current = "Current";
    public const string Failed = "Failed";
    public const string InProgress = "InProgress";

    private const string Terminating = "Terminating";

    public static string Of(SeenState state) =>
        state.IsDeleting ? Terminating
        : state.Content["status"]?["observedGeneration"] is not null && !state.IsObserved ? InProgress
        : state.Condition("Reconciling") == "True" ? InProgress
        : state.IsStalled ? Failed
        : state.Ready is null or "True" ? Current
        : InProgress;
}
