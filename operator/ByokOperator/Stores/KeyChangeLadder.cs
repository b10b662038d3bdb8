using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Reencrypting;

namespace ByokOperator.Stores;

/// <summary>
/// A change of key, top to bottom: reading this list is reading the runbook. It stands above all that an open store
/// needs, so that up to <c>DefaultRedirected</c> the store goes on under its own key as if nothing had been asked, and
/// a change that can't get on holds nothing up. From <c>BothKeysPinned</c> to <c>OldKeyReleased</c> the rung
/// <c>KeyUsable</c>, far below, asks for every key on the list.
/// </summary>
internal static class KeyChangeLadder
{
    /// <summary>A third key that was named meanwhile waits.</summary>
    public static readonly Rung<StoreWorld> KeyFollowedRung = new("KeyFollowed", KeyFollowed);

    public static readonly IReadOnlyList<Rung<StoreWorld>> Rungs =
    [
        new("NewKeyUsable", NewKeyUsable),
        new("BothKeysPinned", BothKeysPinned),
        new("NewKeyGranted", world => StoreLadder.GrantsRestored(world)),
        new("NewKeyAdmitted", NewKeyAdmitted),
        new("DefaultRedirected", DefaultRedirected),
        new("OldKeyRefused", OldKeyRefused),
        new("ObjectsReencrypted", ReencryptionLadder.ObjectsReencrypted),
        new("OldKeyUnused", OldKeyUnused),
        new("OldKeyReleased", OldKeyReleased),
        KeyFollowedRung,
    ];

    private const string NotUsable = "NewKeyNotUsable";

    private static readonly TimeSpan KeyRecheck = TimeSpan.FromMinutes(1);

    /// <summary>Whether there is anything for these rungs to say: a wish, a key on its way,
    /// or one that can be let go.</summary>
    public static bool IsNeeded(StoreWorld world) => world.Change is { } change
        && (change.Wanted is not null || world.AlsoPinned.Any(key => key.Stage != PinStages.Refused)
            || (world.AlsoPinned is [_, ..] && !Keeps(change))
            || change.Reencryption is { OtherRuns.Count: > 0 } or { DoOthersStand: true });

    /// <summary>
    /// Of a store that is closed for nothing but a key that it was on its way to: nothing stands under that yet, and
    /// the spec went back, so that it is taken off the list. Lost for good, it would keep the store shut for good.
    /// Null where there is none.
    /// </summary>
    public static Step? GivenUp(StoreWorld world) =>
        world is { WantedKey: null, NamesNoKey: false, IsRecordedOnly: false, IsDeleting: false, IsPaused: false }
        && world.AlsoPinned.FirstOrDefault(key => key.Stage == PinStages.Pinned) is { } left
        && StoreVerdict.MustClose(world with { AlsoPinned = [.. world.AlsoPinned.Where(key => key != left)] }) is null
            ? world.Next is not null ? NextLadder.TakeBack(world)
                : new Step.Take("BothKeysPinned", "NewKeyGivenUp", new KeyChangeAct.Unpin(left.Name))
            : null;

    /// <summary>The key that the store is on its way to; null where it stays.
    /// One that was begun goes on though a third is named meanwhile.</summary>
    private static PinnedKey? Target(StoreWorld world) => world.Change is not { Wanted: not null } change ? null
        : world.AlsoPinned.FirstOrDefault(key => PinStages.IsIncoming(key.Stage))
            ?? (IsUnderWay(world) ? null
                : world.AlsoPinned.FirstOrDefault(key => key.Name == change.Wanted) ?? change.Candidate);

    /// <summary>A key is on its way out: until it is out no other change begins. Where old objects are kept,
    /// one that is refused is out.</summary>
    private static bool IsUnderWay(StoreWorld world) =>
        world.AlsoPinned.Any(key => key.Stage is PinStages.Leaving or PinStages.Moved)
            || (world.AlsoPinned is [_, ..] && !Keeps(world.Change!));

    private static bool Keeps(KeyChange change) => change is { Keeps: true, IsRewrapped: false };

    private static bool IsPinned(StoreWorld world, PinnedKey key) => world.AlsoPinned.Any(one => one.Name == key.Name);

    // What is pinned was judged by KeyUsable below.
    private static Finding NewKeyUsable(StoreWorld world) =>
        Target(world) is not { } target || PinStages.IsIncoming(target.Stage) ? Finding.Holds.Now
            : world.Migration is { } move
                && move.Retired.ForDisplay() is null
                    ? new Finding.Pending("MoveUnderWay", KeyRecheck,
                        "the key is changed once the data was moved here and the old copy in the shared place is gone")
            : world.Change!.Refusal.Judge(refused =>
                refused is not null ? new Finding.Stuck(refused.Reason, $"the key {target.Name}: {refused.Message}")
                    : Usable(world, target));

    private static Finding Usable(StoreWorld world, PinnedKey target) => target.Standing.Judge(standing =>
        standing is null
            ? Not(world, target, $"there is no TenantEncryptionKey {target.Name} in this namespace: apply it")
        : standing.IsDeleting ? Not(world, target, $"the key {target.Name} is being deleted: name another one")
        : standing.State != KeyStates.Active
            ? Not(world, target, $"the key {target.Name} has spec.state {standing.State}: set it to Active")
        : target.In(world.Region) is not { } region ? Elsewhere(world, target, standing)
        : world.Keys.FirstOrDefault(key => key.Name != target.Name && key.Pin?.KeyId == region.KeyId) is { } same
            ? new Finding.Stuck("SameKey",
                $"the key {target.Name} is the very key that the store stands under as {same.Name}: there is nothing "
                    + $"to do, set spec.keyRef.name back to {world.KeyName}")
        : target.Effective(region, world.Now).Judge(judgement => judgement switch
        {
            KeyJudgement.Revoked revoked => Not(world, target, $"the key {target.Name} is revoked ({revoked.Reason})"),
            KeyJudgement.Unknown unknown =>
                Not(world, target, $"nobody could be asked about the key {target.Name} ({unknown.Reason})"),
            _ => region.Pin is null ? new Finding.Pending("CanaryNotStored", KeyRecheck) : Possible(world, target),
        }));

    private static Finding.Stuck Elsewhere(StoreWorld world, PinnedKey target, KeySnapshot standing) =>
        standing.Regions.Keys.Any(region => KeyRefs.CloudOf(region) != KeyRefs.CloudOf(world.Region))
            ? new("OtherCloud",
                $"the key {target.Name} is on the other cloud, and a store stays on its own: name a key of its cloud, "
                    + $"or set spec.keyRef.name back to {world.KeyName}")
            : Not(world, target, $"the key {target.Name} has no entry for {world.Region}: add one to its spec");

    private static Finding.Stuck Not(StoreWorld world, PinnedKey target, string why) =>
        new(NotUsable,
            $"{why}, or set spec.keyRef.name back to {world.KeyName}, under which the store goes on; nothing of it "
                + $"was changed for {target.Name}");

    /// <summary>Before anything is changed: what could not be finished is not begun.</summary>
    private static Finding Possible(StoreWorld world, PinnedKey target) =>
        !IsPinned(world, target) && world.AlsoPinned.Count >= StoreRecordRules.MaxAlsoPinned
            ? new Finding.Stuck("TooManyKeys",
                $"objects of the store stand under {world.AlsoPinned.Count + 1} keys already: set "
                    + "spec.rotation.existingObjects to Reencrypt, or make a new EncryptedStore")
            : world.Change is { Keeps: false, IsRewrapped: false } ? ReencryptionLadder.Possible(world, target.Name)
            : Finding.Holds.Now;

    private static Finding BothKeysPinned(StoreWorld world) => Target(world) is { } target
        ? !IsPinned(world, target)
            ? new Finding.Lacks("NewKeyNotPinned", new KeyChangeAct.PinNewKey(target.Name, ProvedPin(world, target)))
            : world.Change!.Marked.Judge(marked => marked.Contains(target.Pin?.KeyId ?? "")
                ? Finding.Holds.Now
                : new Finding.Lacks("NewKeyNotMarked", new KeyChangeAct.PinNewKey(target.Name, target.Pin!)))
        : Abandoned(world) is { Stage: PinStages.Pinned } left
            ? new Finding.Lacks("NewKeyGivenUp", new KeyChangeAct.Unpin(left.Name))
        : Finding.Holds.Now;

    /// <summary>On its way in, and the spec went back to the key that the store stands under.</summary>
    private static PinnedKey? Abandoned(StoreWorld world) =>
        world.Change is { Wanted: null } ? world.AlsoPinned.FirstOrDefault(key => PinStages.IsIncoming(key.Stage))
            : null;

    // The policy itself was mended below: what is admitted by the record is admitted there.
    private static Finding NewKeyAdmitted(StoreWorld world) => Target(world) is { } target
        ? target.Stage == PinStages.Admitted ? Finding.Holds.Now
            : Moves(world, target).Judge(moves => moves
                ? new Finding.Lacks("MoveNotBegun", new NextAct.Intend(target.Name))
                : new Finding.Lacks("NewKeyNotAdmitted", new KeyChangeAct.Admit(target.Name, target.Pin!)))
        // objects may stand under it already
        : Abandoned(world) is { } left ? new Finding.Lacks("NewKeyGivenUp", new KeyChangeAct.Refuse(left.Name))
        : Finding.Holds.Now;

    /// <summary>What stands there can't be put under the new key where it stands: it moves to the next bucket, and from
    /// here on its own ladder has the word.</summary>
    private static Fact<bool> Moves(StoreWorld world, PinnedKey target) =>
        world.Change is not { Keeps: false, IsRewrapped: false } change || target.Stage != PinStages.Pinned
            ? Fact.Seen(false) : change.Reencryption.Engine.Select(engine => engine == ReencryptionEngine.Move);

    private static Finding DefaultRedirected(StoreWorld world) => Target(world) is { } target
        ? new Finding.Lacks("DefaultOnOldKey", new KeyChangeAct.Redirect(world.KeyName, target.Name, target.Pin!))
        : Finding.Holds.Now;

    // Whatever a workload writes to an account is under the one root key: there is nothing to overlap.
    private static Finding OldKeyRefused(StoreWorld world) =>
        world.AlsoPinned.FirstOrDefault(key => key.Stage == PinStages.Leaving) switch
        {
            null => Dated(world),
            { Since: null } old
                when !world.Change!.IsRewrapped =>
                    new Finding.Lacks("OverlapNotStarted", new KeyChangeAct.StartOverlap(old.Name)),
            { Since: { } since } when !world.Change!.IsRewrapped && since + world.Change.Overlap is var until
                && until > world.Now => new Finding.Deferred(
                StatusReport.KeptAsAsked, until - world.Now,
                $"spec.rotation.overlap lets writes name either key until {until:u}, so that workloads turn to the "
                    + "new one"),
            var old => new Finding.Lacks("OldKeyAdmitted", new KeyChangeAct.Refuse(old.Name)),
        };

    // The policy itself was mended below. Whatever began before that was seen may still come under the old key.
    private static Finding Dated(StoreWorld world) =>
        ReencryptionLadder.IsDue(world) && world.AlsoPinned.FirstOrDefault(key => key.Since is null) is { } old
            ? new Finding.Lacks("RefusalNotDated", new KeyChangeAct.Refuse(old.Name))
            : Finding.Holds.Now;

    private static Finding OldKeyUnused(StoreWorld world) =>
        ReencryptionLadder.IsDue(world) ? ReencryptionLadder.Unused(world.Change!.Reencryption)
            : !IsRewrapping(world) ? Finding.Holds.Now
            : world.Change!.RootKey.Judge(root =>
                string.Equals(root, world.Pin.ForDisplay()?.KeyId, StringComparison.OrdinalIgnoreCase)
                    ? Finding.Holds.Now
                    : new Finding.Pending("RootKeyNotRewrapped", KeyRecheck,
                        $"the account's root key is under {root ?? "another key"} still: the cloud wraps it anew"));

    private static Finding OldKeyReleased(StoreWorld world) =>
        ReencryptionLadder.IsDue(world)
            ? new Finding.Lacks("OldKeyPinned", new KeyChangeAct.ReleaseAll(world.Change!.Reencryption.Wanted ?? ""))
            : IsRewrapping(world)
                ? new Finding.Lacks("OldKeyPinned",
                    new KeyChangeAct.Release(world.AlsoPinned.First(key => key.Stage == PinStages.Refused).Name))
            : Finding.Holds.Now;

    private static bool IsRewrapping(StoreWorld world) =>
        world.Change is { IsRewrapped: true } && world.AlsoPinned.Any(key => key.Stage == PinStages.Refused);

    private static Finding KeyFollowed(StoreWorld world) => world.Change is { Wanted: { } wanted }
        ? new Finding.Pending("ChangeUnderWay", KeyRecheck,
            $"a change of key is under way, and {wanted} was named meanwhile: it is followed once that is done")
        : Finding.Holds.Now;

    private static KeyPin ProvedPin(StoreWorld world, PinnedKey target) =>
        target.In(world.Region)?.Pin ?? new KeyPin("", null, "");
}
