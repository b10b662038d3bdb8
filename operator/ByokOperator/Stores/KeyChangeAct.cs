using ByokOperator.Keys;
using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>
/// What a change of key can do. Each is refused unless the store is this one and stands under the key that this was decided on, and whatever
/// leads on to the new key unless every pinned key proves itself at that moment and <c>spec.keyRef</c> still names the new one.
/// </summary>
internal abstract record KeyChangeAct : Act
{
    private KeyChangeAct()
    {
    }

    public override bool IsDestructive => true;

    /// <summary>Begins something that the platform has to have given.</summary>
    public bool Begins => this is PinNewKey or Admit or Redirect;

    /// <summary>
    /// Writes the key down, in the record and then beside the data. Refused while another change is under way, of a key that is pinned under another
    /// name, that is not Active, or that the platform did not give.
    /// </summary>
    public sealed record PinNewKey(string Name, KeyPin Pin) : KeyChangeAct;

    /// <summary>Takes a key back that was never admitted. Refused once it was, and while <c>spec.keyRef</c> names it.</summary>
    public sealed record Unpin(string Name) : KeyChangeAct;

    /// <summary>From here on the store's policy lets writes name it. Refused unless record and mark name it.</summary>
    public sealed record Admit(string Name, KeyPin Pin) : KeyChangeAct;

    /// <summary>From here on the store's default is on it, and the one before is the old one. Refused unless the store admits both keys, and is not denied.</summary>
    public sealed record Redirect(string From, string Name, KeyPin Pin) : KeyChangeAct;

    /// <summary>The binding names the new key: from here on the time runs in which writes may still name the old one.</summary>
    public sealed record StartOverlap(string Name) : KeyChangeAct;

    /// <summary>From here on the store's policy refuses writes that name it. Refused before the overlap is over, unless the store went back to the other key.</summary>
    public sealed record Refuse(string Name) : KeyChangeAct;

    /// <summary>Takes a key off the list. Refused unless nothing stands under it, looked up live: mark first, then our grants on it, the record last.</summary>
    public sealed record Release(string Name) : KeyChangeAct;
}
