using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;

namespace ByokOperator.Stores;

/// <summary>Whether every key that objects of a store stand under is there, is the one they were written with, and may
/// be used.</summary>
internal static class PinnedKeyLadder
{
    /// <summary>A key that turns wakes its stores; this is for what turned unseen.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromMinutes(1);

    // One that objects stand under and that can't be used closes the store, whichever it is.
    public static Finding Usable(StoreWorld world) =>
        world.Keys.Select(key => Usable(world, key)).FirstOrDefault(finding => finding is not Finding.Holds)
            ?? Finding.Holds.Now;

    private static Finding Usable(StoreWorld world, PinnedKey key)
    {
        var isActive = key.Name == world.KeyName;
        var which = world.AlsoPinned is [] ? "the key" : $"the key {key.Name}";
        var orBack = !isActive && key.Stage == PinStages.Pinned
            ? $", or spec.keyRef.name is {world.KeyName} again, for nothing stands under it yet" : "";
        return key.Standing.Judge(standing =>
            standing is null ? new Finding.Pending("KeyNotFound", Recheck, isActive
                ? "there is no TenantEncryptionKey of the name in spec.keyRef in this namespace: apply it"
                : orBack.Length > 0
                    ? $"there is no TenantEncryptionKey {key.Name} in this namespace: the store is closed until it is "
                        + $"there again{orBack}"
                : $"there is no TenantEncryptionKey {key.Name} in this namespace, and objects of the store stand "
                    + "under it: apply it again")
            : key.In(world.Region) is not { } region
                ? new Finding.Pending("KeyNotInRegion", Recheck,
                    $"{which} has no entry for {world.Region}: add one to its spec")
            : key.IsOther(region)
                ? new Finding.Stuck("KeyReplaced",
                    $"{which} that answers now is not the one that the data stands under: bring back the first key; "
                        + "the store stays closed until then")
            : isActive && standing.IsDeleting && !HasBegun(world) ? BeingDeleted
            : key.Effective(region, world.Now)
                .Judge(judgement => judgement is not KeyJudgement.Usable ? Judge(judgement, which, orBack)
                    : isActive ? Begun(world, standing, region)
                    : region.Pin is null ? new Finding.Pending("CanaryNotStored", Recheck)
                    : Finding.Holds.Now));
    }

    /// <summary>Whatever it answers: what it lacks, nobody gives it any more.</summary>
    private static Finding.Stuck BeingDeleted =>
        new("KeyBeingDeleted", "the key is being deleted: make an EncryptedStore with another one");

    private static bool HasBegun(StoreWorld world) =>
        world.Pin.Blindness is not null || world.Pin.ForDisplay() is not null;

    private static Finding Judge(KeyJudgement judgement, string which, string orBack) => judgement switch
    {
        KeyJudgement.Revoked { Reason: "KeyReplaced" } =>
            new Finding.Stuck("KeyReplaced",
                $"{which} was replaced: bring back the first key; the store stays closed until then"),
        KeyJudgement.Revoked revoked =>
            new Finding.Pending(revoked.Reason, Recheck,
                $"{which} is revoked: the store is closed until it is usable again{orBack}"),
        KeyJudgement.Unknown unknown =>
            new Finding.Unseen(unknown.Reason,
                $"the service of {which} could not be asked: the store stays as it is until maxStaleness"),
        _ => throw new UnreachableException(judgement.GetType().Name),
    };

    private static Finding Begun(StoreWorld world, KeySnapshot key, RegionSnapshot region) => world.Pin.Judge(pin =>
        // Standby is validated, not used: it holds back a store that has not begun, and closes none that has.
        pin is null
            && key.State == KeyStates.Standby
                ? new Finding.Pending("KeyStandby", Recheck, "the key's spec.state is Standby: set it to Active")
        : pin is null
            && key.State == KeyStates.Archived
                ? new Finding.Stuck("KeyArchived",
                    "the key is kept for the stores that already use it: name an Active one in spec.keyRef")
        : region.Pin is null ? new Finding.Pending("CanaryNotStored", Recheck)
        : Finding.Holds.Now);
}
