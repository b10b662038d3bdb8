using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Returning;

/// <summary>
/// What a return does beside the move itself, which is the acts of a migration. What leads on is refused unless the
/// spec names no key and the consent stands at that moment; what takes it back, while both do. Each is refused where
/// the record does not say what this was decided on.
/// </summary>
internal abstract record ReturnAct : Act
{
    private ReturnAct()
    {
    }

    public override bool IsDestructive => true;

    /// <summary>Begins something that the platform has to have given.</summary>
    public bool Begins => this is HoldPlace or Begin;

    /// <summary>Gives way, or takes away what is nobody's any more:
    /// done for a store that is being deleted too.</summary>
    public bool LetsGo => this is ClearPlace or ReleasePlace or GiveUp or DeleteStore;

    /// <summary>Writes the return down, ahead of everything that is done for it.</summary>
    public sealed record Intend(string Consent) : ReturnAct;

    /// <summary>Refuses writes under the prefix of the shared place to everybody else. Refused unless nothing stands
    /// there, and once the return was begun: a hold that was lost since guards nothing.</summary>
    public sealed record HoldPlace(string Consent) : ReturnAct;

    /// <summary>
    /// From here on data goes back, encrypted like that. Refused unless this hold stands, nothing stands behind it, the
    /// place's default is this one and no tenant's key, and nothing of the store lies beside the prefix.
    /// </summary>
    public sealed record Begin(string Consent, string Hold, SharedDefault Default) : ReturnAct;

    /// <summary>Deletes one bounded batch of what was copied into the shared place. Refused unless the hold that it
    /// began behind stands, once readers were switched, and while a copy runs.</summary>
    public sealed record ClearPlace(string Hold) : ReturnAct;

    /// <summary>Takes this hold away, and no other. Refused while what was copied
    /// stands behind it and is not what readers are on.</summary>
    public sealed record ReleasePlace(string Token) : ReturnAct;

    /// <summary>Takes the return off the record. Refused once readers were switched, while a hold stands, and while
    /// anything stands that was copied.</summary>
    public sealed record GiveUp(string Consent) : ReturnAct;

    /// <summary>
    /// Deletes one bounded batch of the operator's own marks, then the emptied store, and ends its record. Refused
    /// unless everything was retired on that receipt, and where anything but marks stands there.
    /// </summary>
    public sealed record DeleteStore(string Receipt) : ReturnAct;
}
