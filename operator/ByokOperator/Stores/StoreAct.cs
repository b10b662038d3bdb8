using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>
/// What a store's reconcile can do. Every precondition is checked live by whoever performs the act. What opens is
/// refused unless the key is usable and is <c>While</c> at that moment, and asks the leadership fence like what
/// destroys: a deposed leader must not open what its successor closed. What only a wanted store needs is refused once
/// the object is gone or being deleted, or a late act would leave behind what nobody takes away.
/// </summary>
internal abstract record StoreAct : Act
{
    private StoreAct()
    {
    }

    /// <summary>Puts our finalizer on the object with this UID.</summary>
    public sealed record Claim(string Uid) : StoreAct;

    /// <summary>Takes our finalizer off the object with this UID.</summary>
    public sealed record Release(string Uid) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Makes the target or mends what drifted. Refused on a stranger's.
    /// A target that is denied stays denied.</summary>
    public sealed record PrepareTarget(string Owner) : StoreAct;

    /// <summary>
    /// Takes back what the first object of this uid had: record, tag and pin are this one's afterwards. Refused without
    /// the platform's consent at that moment, where what stands there is not of this store's names, and unless the key
    /// is proved to be the one that the data stands under.
    /// </summary>
    public sealed record Adopt(string Uid, string Origin) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Written once: refused where another pin stands.</summary>
    public sealed record PinKey(string Owner, KeyPin Pin) : StoreAct;

    public sealed record RestoreGrant(KeyPin While) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    public sealed record RevokeGrant(string Owner) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    public sealed record AllowTarget(string Owner, KeyPin While) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    public sealed record DenyTarget(string Owner) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>The same of the store's other bucket, while its data moves from one to the other.</summary>
    public sealed record DenyOther(string Owner) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Opens, unless no key is pinned yet: such a store has nothing that could be opened.</summary>
    public sealed record ResumeWorkloads(string Uid) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    public sealed record SuspendWorkloads(string Uid) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Points readers at a store that nothing was migrated into.</summary>
    public sealed record Bind(string Binding, KeyPin While) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Points readers at the shared place. Refused where the spec names a key,
    /// or anything was put somewhere for the store.</summary>
    public sealed record Point(string Uid) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    public sealed record RemoveBinding(string Uid) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Deletes the copy Jobs that carry this UID. Their evidence stands in the target;
    /// a copy begun again goes on from there.</summary>
    public sealed record StopCopies(string Uid) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>
    /// Writes down since when nobody can look at the store; a clock that runs is left, for the earlier time is the
    /// right one.
    /// </summary>
    public sealed record StartUnseenClock(DateTimeOffset Since) : StoreAct;

    /// <summary>Stops the clock that was started at this time, and no other.</summary>
    public sealed record StopUnseenClock(DateTimeOffset Since) : StoreAct;

    /// <summary>Writes down when the store was first seen shut; one that is noted and was not opened since is left, for
    /// the earlier time is the right one.</summary>
    public sealed record NoteClosed(DateTimeOffset At) : StoreAct;

    /// <summary>Writes down when the store that was closed at that time, and no other,
    /// was seen to serve again.</summary>
    public sealed record NoteReopened(DateTimeOffset ClosedAt, DateTimeOffset At) : StoreAct;

    /// <param name="Answers">The request it is written for; null on interval.</param>
    /// <param name="Availability">What it says the store is.</param>
    public sealed record WriteReport(string? Answers, string Availability) : StoreAct;

    /// <summary>Writes into the store's record that its place outlives it.</summary>
    public sealed record RecordRetention(string Owner) : StoreAct;

    /// <summary>
    /// Takes the record of a store away whose object is gone; refused while a live look finds the object, or anything
    /// where it was put. Where the platform released the place, only the store's own owner tag on it still counts.
    /// </summary>
    public sealed record EndRecord(string Owner) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Deletes one bounded batch from the target. Refused unless it is this owner's, and the object is being
    /// deleted with its confirmation.</summary>
    public sealed record EmptyTarget(string Owner) : StoreAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Deletes the emptied target; same refusals.</summary>
    public sealed record DeleteTarget(string Owner) : StoreAct
    {
        public override bool IsDestructive => true;
    }
}
