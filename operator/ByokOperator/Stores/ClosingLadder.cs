using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>
/// What has to be true of a closed store. All that is due goes out in one reconcile, side by side: a fact that can't be
/// seen and an act that fails hold nothing else back. A stranger's bucket is not ours to close.
/// </summary>
internal static class ClosingLadder
{
    public static readonly IReadOnlyList<Rung<StoreWorld>> Rungs =
    [
        new("BindingRemoved", BindingRemoved),
        new("TargetDenied", TargetDenied),
        new("CopyJobsGone", CopyJobsGone),
        new("WorkloadsSuspended", WorkloadsSuspended),
        new("GrantsRevoked", GrantsRevoked),
    ];

    public static Finding BindingRemoved(StoreWorld world) => world.Binding.Judge(binding =>
        binding is null ? Finding.Holds.Now : new Finding.Lacks("BindingStands", new StoreAct.RemoveBinding(world.Uid)));

    public static Finding CopyJobsGone(StoreWorld world) => world.CopyJobs.Judge(jobs =>
        jobs == 0 ? Finding.Holds.Now : new Finding.Lacks("CopyJobsStand", new StoreAct.StopCopies(world.Uid)));

    public static Finding GrantsRevoked(StoreWorld world) => !world.NeedsGrant
        ? Finding.Holds.Now
        : world.IsGranted.Judge(granted => granted ? new Finding.Lacks("GrantStands", new StoreAct.RevokeGrant(world.Uid)) : Finding.Holds.Now);

    /// <summary>Nobody finds the store and nobody gets in, whatever else is still on its way.</summary>
    public static bool IsShut(StoreWorld world) => BindingRemoved(world) is Finding.Holds && TargetDenied(world) is Finding.Holds;

    private static Finding TargetDenied(StoreWorld world) => world.Target.Judge(target =>
        target is { Ownership: TargetOwnership.Ours, IsDenied: false }
            ? new Finding.Lacks("TargetOpen", new StoreAct.DenyTarget(world.Uid))
            : Finding.Holds.Now);

    private static Finding WorkloadsSuspended(StoreWorld world) => world.Workloads.Judge(workloads =>
        workloads.Running > 0 ? new Finding.Lacks("WorkloadsRunning", new StoreAct.SuspendWorkloads(world.Uid)) : Finding.Holds.Now);
}
