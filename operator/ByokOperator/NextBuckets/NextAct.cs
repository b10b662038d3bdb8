using ByokOperator.Reconciling;

namespace ByokOperator.NextBuckets;

/// <summary>
/// What a change of key by a move to the store's next bucket does beside the move itself, which is the acts of a
/// migration. What leads on is refused unless every pinned key proves itself at that moment and <c>spec.keyRef</c>
/// names another key than the store stands under; what takes it back, while it does and the object stands.
/// </summary>
internal abstract record NextAct : Act
{
    private NextAct()
    {
    }

    public override bool IsDestructive => true;

    /// <summary>Begins something that the platform has to have given.</summary>
    public bool Begins => this is Intend or Prepare;

    /// <summary>Gives way, or takes away what is nobody's any more:
    /// done for a store that is being deleted too.</summary>
    public bool LetsGo => this is DeleteOther or GiveUp;

    /// <summary>
    /// Writes the next bucket down, by the first number under which nothing stands, ahead of everything that is done
    /// there. Refused unless the key is pinned and nothing was done with it yet, where the move into the store is not
    /// at its end, and where a bucket of this store stands there that no record speaks of.
    /// </summary>
    public sealed record Intend(string KeyName) : NextAct;

    /// <summary>Makes the next bucket or mends what drifted, and writes beside the data which key it is under. Refused
    /// on a stranger's, and after the switch.</summary>
    public sealed record Prepare(int Number) : NextAct;

    /// <summary>Opens the other bucket of a store that was closed.</summary>
    public sealed record AllowOther(int Number) : NextAct;

    /// <summary>
    /// Deletes one bounded batch of the other bucket, marks and all, then the emptied bucket. Refused while a copy's
    /// Job stands. Of the next bucket refused after the switch; of the one that was left refused unless the store is
    /// deleted with its confirmation.
    /// </summary>
    public sealed record DeleteOther(int Number) : NextAct;

    /// <summary>Takes the move off the record. Refused after the switch, and unless the next bucket is gone; writers
    /// are let in again before.</summary>
    public sealed record GiveUp(int Number) : NextAct;

    /// <summary>
    /// Deletes one bounded batch of the operator's own marks in the bucket that was left, then the bucket, then our
    /// grants on the key that it was under; the record's word of both is last. Refused unless everything was retired on
    /// that receipt, and where anything but marks stands there.
    /// </summary>
    public sealed record Finish(string Receipt) : NextAct;
}
