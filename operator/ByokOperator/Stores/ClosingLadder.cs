using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>
/// What has to be true of a closed store. All that is due goes out in one reconcile, side by side: a fact that can't be
/// seen holds nothing back, for here alone the act goes out anyway and looks live; nor does an act that fails. A
/// stranger's bucket is not ours to close: where one stands in the place on record, that is not done but stuck.
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

    /// <summary>How a look that the cloud forbids is called.</summary>
    private const string Forbidden = "AccessDenied";

    /// <summary>It is denied, and that counts everywhere at a known time.</summary>
    public const string DenialSettles = "DenialSettles";

    private static readonly TimeSpan HeldRecheck = TimeSpan.FromMinutes(1);

    private static readonly Rung<StoreWorld> OtherDeniedRung = new("OtherBucketDenied", OtherDenied);

    /// <summary>By these somebody could still get in. Workloads that run are shut out already.</summary>
    public static readonly IReadOnlyList<Rung<StoreWorld>> WaysIn =
        [.. Rungs.Where(rung => rung.Condition != "WorkloadsSuspended"), OtherDeniedRung];

    /// <summary>While data moves from one bucket of a store to another, both are shut.</summary>
    public static IReadOnlyList<Rung<StoreWorld>> For(StoreWorld world) =>
        world.Next is null ? Rungs : [.. Rungs.Take(2), OtherDeniedRung, .. Rungs.Skip(2)];

    public static Finding BindingRemoved(StoreWorld world) => InNamespace(
        world,
        new StoreAct.RemoveBinding(world.Uid),
        act => world.Binding.Judge(binding =>
            binding is null ? Finding.Holds.Now
            : binding.IsGoing
                ? new Finding.Pending("BindingHeld", HeldRecheck,
                    "it is deleted, and a finalizer that somebody put on it keeps it: take that off the ConfigMap")
            : new Finding.Lacks("BindingStands", act)));

    public static Finding CopyJobsGone(StoreWorld world) => Anyway(
        new StoreAct.StopCopies(world.Uid),
        act => world.CopyJobs.Judge(jobs => jobs == 0 ? Finding.Holds.Now : new Finding.Lacks("CopyJobsStand", act)));

    public static Finding GrantsRevoked(StoreWorld world) => !world.NeedsGrant ? Finding.Holds.Now : Anyway(
        new StoreAct.RevokeGrant(world.Uid),
        act => world.IsGranted.Judge(granted => granted ? new Finding.Lacks("GrantStands", act) : Finding.Holds.Now));

    /// <summary>Nobody finds the store and nobody gets in, and this look saw that.</summary>
    public static bool IsClosed(StoreWorld world) => WaysIn.All(rung => rung.Look(world) is Finding.Holds);

    /// <summary>This look saw a way in, whatever else it could not see.</summary>
    public static bool IsSeenOpen(StoreWorld world) => WaysIn.Any(rung => rung.Look(world) is Finding.Lacks);

    /// <summary>What this look could see of it is shut.</summary>
    public static bool IsNothingOpen(StoreWorld world) =>
        WaysIn.All(rung =>
            rung.Look(world) is Finding.Holds or Finding.Unseen or Finding.Stuck { Reason: Enrolment.NoRights });

    private static Finding TargetDenied(StoreWorld world)
    {
        var deny = new StoreAct.DenyTarget(world.Uid);
        return world.IsPlaced && world.Target.Blindness == Forbidden
            ? MayNotLook(deny)
            : Anyway(deny, act => world.Target.Judge(target => Denied(world, target, act)));
    }

    private static Finding Denied(StoreWorld world, TargetFacts target, Act deny) => target switch
    {
        { IsDenied: true, SettlesAt: { } until } when until > world.Now =>
            new Finding.Pending(DenialSettles, until - world.Now,
                "what was taken away counts everywhere only after a while"),
        { Ownership: StoreOwnership.Ours or StoreOwnership.Earlier or StoreOwnership.Unmarked
            or StoreOwnership.Forbidden, IsDenied: true } => Finding.Holds.Now,
        { Ownership: StoreOwnership.Ours or StoreOwnership.Earlier } => new Finding.Lacks("TargetOpen", deny),
        _ when !world.IsPlaced && world.Adoption is null => Finding.Holds.Now, // nothing was ever put there
        { Ownership: StoreOwnership.Absent } when !world.IsPlaced => Finding.Holds.Now,
        { Ownership: StoreOwnership.Unmarked or StoreOwnership.Forbidden }
            when !world.IsPlaced => new Finding.Pending(
            "TargetOpen", HeldRecheck,
            "it is an earlier store's, which this one is to take back, and is closed by that one's record"),
        { Ownership: StoreOwnership.Absent } => new Finding.Stuck(
            "TargetMissing",
            "nothing stands in the place on record, so nothing there can be denied: find out whether the data was "
                + "moved or the record is wrong;"
            + " delete this EncryptedStore if it was deleted on purpose"),
        { Ownership: StoreOwnership.Forbidden } => new Finding.Lacks(
            "TargetForbidden", deny,
            "the operator may not see whose it is, and its record says that it is this store's"),
        { Ownership: StoreOwnership.Unmarked } => new Finding.Lacks(
            "TargetUnmarked", deny, "it lost its ownership tag, and its record says that it is this store's"),
        _ => new Finding.Stuck(
            "TargetNotOurs",
            "what stands in the place on record bears another owner's tag and is not touched: put this store's back"
            + " if it is; it may be open to anybody until then"),
    };

    private static Finding OtherDenied(StoreWorld world)
    {
        var deny = new StoreAct.DenyOther(world.Uid);
        return world.Next is not { } next ? Finding.Holds.Now
            : next.Other.Blindness == Forbidden ? MayNotLook(deny)
            : Anyway(deny, act => next.Other.Judge(other => (other.Ownership, other.IsDenied) switch
            {
                (StoreOwnership.Ours or StoreOwnership.Earlier or StoreOwnership.Unmarked or StoreOwnership.Forbidden,
                    true) => Finding.Holds.Now,
                // not made yet, or deleted once nothing but marks was in it
                (StoreOwnership.Absent, _) when next.Known is { IsLeft: false } or { RetiredAt: not null } =>
                    Finding.Holds.Now,
                (StoreOwnership.Absent, _) => new Finding.Stuck("TargetMissing",
                    $"the bucket {next.Name}, which the data is to leave, does not stand any more, so nothing there "
                        + "can be denied: find out what became of it"),
                (StoreOwnership.Stranger, _) => new Finding.Stuck("TargetNotOurs",
                    $"the bucket {next.Name}, the other one of the store, bears another owner's tag and is not "
                        + "touched: put this store's back if it is; it may be open to anybody until then"),
                _ => new Finding.Lacks("OtherBucketOpen", act),
            }));
    }

    private static Finding.Stuck MayNotLook(Act deny) => new(
        "TargetForbidden",
        "the operator may not look at the place on record, so nobody knows who gets in: give its role back what its "
            + "policy lists; it is tried again all the time",
        deny);

    private static Finding WorkloadsSuspended(StoreWorld world) => InNamespace(
        world,
        new StoreAct.SuspendWorkloads(world.Uid),
        act =>
            world.Workloads.Judge(workloads =>
                workloads.Running > 0 ? new Finding.Lacks("WorkloadsRunning", act) : Finding.Holds.Now));

    /// <summary>Of what takes a right in the tenant's namespace.</summary>
    private static Finding InNamespace(StoreWorld world, StoreAct act, Func<StoreAct, Finding> look) =>
        Anyway(act, look) switch
        {
            Finding.Unseen { Reason: Enrolment.NoRights } =>
                new Finding.Stuck(Enrolment.NoRights, world.MendOfRights, act),
            var finding => finding,
        };

    private static Finding Anyway(StoreAct act, Func<StoreAct, Finding> look) =>
        look(act) switch
    {
        Finding.Unseen unseen => unseen with { Anyway = act },
        var finding => finding,
    };
}
