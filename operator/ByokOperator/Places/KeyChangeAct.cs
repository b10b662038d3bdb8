using ByokOperator.Keys;
using ByokOperator.Reconciling;

namespace ByokOperator.Places;

/// <summary>
/// What a change of key can do. Each is refused unless the store is this one and stands under the key that this was
/// decided on, and whatever leads on to the new key unless every pinned key proves itself at that moment and
/// <c>spec.keyRef</c> still names the new one.
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
    /// Writes the key down, in the record and then beside the data. Refused while another change is under way, of a key
    /// that is pinned under another name, that is not Active, or that the platform did not give.
    /// </summary>
    public sealed record PinNewKey(string Name, KeyPin Pin) : KeyChangeAct;

    /// <summary>Takes a key back that was never admitted. Refused once it was,
    /// and while <c>spec.keyRef</c> names it.</summary>
    public sealed record Unpin(string Name) : KeyChangeAct;

    /// <summary>From here on the store's policy lets writes name it. Refused unless record and mark name it.</summary>
    public sealed record Admit(string Name, KeyPin Pin) : KeyChangeAct;

    /// <summary>From here on the store's default is on it, and the one before is the old one. Refused unless the store
    /// admits both keys, and is not denied.</summary>
    public sealed record Redirect(string From, string Name, KeyPin Pin) : KeyChangeAct;

    /// <summary>The binding names the new key: from here on the time runs in
    /// which writes may still name the old one.</summary>
    public sealed record StartOverlap(string Name) : KeyChangeAct;

    /// <summary>
    /// From here on the store's policy refuses writes that name it. Refused before the overlap is over, unless the
    /// store went back to the other key. Done once more it dates what is refused already,
    /// and is refused itself unless the store is seen to do so.
    /// </summary>
    public sealed record Refuse(string Name) : KeyChangeAct;

    /// <summary>
    /// Aborts uploads that began before the old keys were refused, a bounded number. Refused unless the run of that
    /// fingerprint is the one that is wanted.
    /// </summary>
    public sealed record AbortUploads(string Run) : KeyChangeAct;

    /// <summary>
    /// Starts one attempt of a run that puts what stands under the old keys under the new one; a Job of that
    /// fingerprint and attempt that stands already is success. Refused unless the run is the one that is wanted, the
    /// store is seen to refuse the old keys, no other run's Job stands and no old upload.
    /// </summary>
    public sealed record StartReencryption(string Run, int Attempt) : KeyChangeAct;

    /// <summary>Deletes the Jobs of that fingerprint with their pods.
    /// What was put under the new key stays there.</summary>
    public sealed record StopReencryption(string Run) : KeyChangeAct;

    /// <summary>Takes a key off the list. Refused unless nothing stands under it, looked up live: mark first, then our
    /// grants on it, the record last.</summary>
    public sealed record Release(string Name) : KeyChangeAct;

    /// <summary>
    /// The same of every key that the run of that fingerprint counted nothing under. Refused unless that is the run
    /// that is wanted and it is finished, the store is seen to refuse the old keys, and no old upload stands;
    /// looked up live.
    /// </summary>
    public sealed record ReleaseAll(string Run) : KeyChangeAct;
}
