namespace Cloud.Calling;

/// <summary>How long a call may take and how often it is tried. Every kind is bounded,
/// so no reconcile hangs on a cloud.</summary>
internal enum CallRetryPolicy
{
    /// <summary>A look at or a small change to one resource.</summary>
    Control,

    /// <summary>A use of a key: an answer that comes late is worth no more than none.</summary>
    Probe,

    /// <summary>A cloud moves up to 5 GiB before it answers.</summary>
    Copy,

    /// <summary>Tried once: repeating it could do it twice.</summary>
    Once,
}
