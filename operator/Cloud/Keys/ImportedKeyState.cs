namespace Cloud.Keys;

/// <summary>What an imported key can be used for now.</summary>
public enum ImportedKeyState
{
    /// <summary>Not for use and not for import; it may pass.
    /// Also what a state is read as that is not known yet.</summary>
    Unavailable,

    /// <summary>Without material: never imported, deleted, expired, or lost by the cloud.
    /// The same material heals it.</summary>
    PendingImport,

    Enabled,

    /// <summary>With material, switched off by an administrator: material can be neither used nor imported.</summary>
    Disabled,

    /// <summary>Gone when the waiting period ends. Whether it holds material can't be told.</summary>
    PendingDeletion,

    /// <summary>The place is taken by a key that is not the owner's. It is not ours to use or to touch.</summary>
    Foreign,
}
