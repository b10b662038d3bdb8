using ByokOperator.Reconciling;

namespace ByokOperator.Migrations;

/// <summary>
/// What a migration can do. Every precondition is checked live by whoever performs the act; beside those that are
/// named, everything but lifting the fence is refused unless the object still stands and is not being deleted.
/// </summary>
internal abstract record MigrationAct : Act
{
    private MigrationAct()
    {
    }

    /// <summary>Of the way back: from the store to the shared place. Up to the switch everything of it but what gives
    /// way is refused without the consent, and unless the hold on the place stands.</summary>
    public bool IsReturn { get; init; }

    /// <summary>Of the way to the store's next bucket. Up to the switch everything of it but what gives way is refused
    /// unless <c>spec.keyRef</c> names another key than the store stands under, and unless the move is on
    /// record.</summary>
    public bool IsNext { get; init; }

    /// <summary>Begins or goes on with something, instead of giving way.</summary>
    internal bool LeadsOn => this is StartCopy or QuiesceWorkloads or RaiseFence or WriteReceipt or MarkServed;

    /// <summary>
    /// Starts one attempt of a copy; a Job of that fingerprint and attempt that stands already is success. Refused once
    /// a served mark stands: copying would then put old data over new.
    /// </summary>
    /// <param name="Previous">The bulk copy that a delta starts from.</param>
    /// <param name="Fence">The fence that has to stand for a delta,
    /// in a maintenance window where the move waits for one.</param>
    public sealed record StartCopy(string Fingerprint, int Attempt, string? Previous, string? Fence) : MigrationAct;

    /// <summary>Deletes the Jobs of that fingerprint with their pods. What it copied stays,
    /// and so does its evidence.</summary>
    public sealed record StopCopy(string Fingerprint) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Refused outside of a maintenance window where the move waits for one.</summary>
    public sealed record QuiesceWorkloads(string Spec) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>A fence of this store that stands keeps its token. Refused outside of a maintenance window where the
    /// move waits for one, unless a served mark stands.</summary>
    public sealed record RaiseFence(string Spec) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Refused unless the fence is this one, the delta's evidence is whole, and no served mark stands, and
    /// outside of a maintenance window. Replaces that receipt and no other.</summary>
    public sealed record WriteReceipt(string Scope, string Fence, string Copy, string? Replaces) : MigrationAct;

    /// <summary>The point of no return. Refused unless that receipt stands, its fence still does,
    /// and no copy runs.</summary>
    public sealed record MarkServed(string Receipt, string Fence) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Points readers at the target. Refused unless the served mark names that receipt,
    /// and the key is usable at that moment.</summary>
    public sealed record ServeTarget(string Binding, string Receipt) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>
    /// Deletes one bounded batch of the versions that the receipt vouches for, exactly those, and leaves a mark after
    /// the last. Refused unless the fence and the binding are still these.
    /// </summary>
    public sealed record RetireBatch(string Receipt, string Fence, string Binding) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>
    /// Lets writers in again because the delta did not finish in time, and records when. Refused unless this fence
    /// stands for that long or the maintenance window has ended, and once a receipt names it or a served mark stands.
    /// </summary>
    public sealed record GiveUpFence(string Token) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Lets what was held still for a fence run on while there is none. Refused while one stands.</summary>
    public sealed record ReleaseWorkloads(string Spec) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Takes this fence away, and no other.</summary>
    public sealed record LiftFence(string Token) : MigrationAct
    {
        public override bool IsDestructive => true;
    }

    /// <summary>Deletes the copy Jobs; refused unless that receipt stands, for until then they are evidence.</summary>
    public sealed record ClearCopies(string Receipt) : MigrationAct
    {
        public override bool IsDestructive => true;
    }
}
