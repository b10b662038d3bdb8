namespace Cloud.Keys;

/// <summary>What a material does in its key.</summary>
public enum MaterialUse
{
    /// <summary>Decrypts what was encrypted while it was current.</summary>
    Earlier,

    /// <summary>Encrypts and decrypts.</summary>
    Current,

    /// <summary>Imported as new, and current from the next rotation on.
    /// Without it the key works all the same.</summary>
    PendingRotation,
}

/// <summary>A material that a key of the platform's own was given.
/// The key works only while all but the pending one are there.</summary>
/// <param name="Id">The cloud's own name for it, made of key and material.</param>
/// <param name="IsImported">False: it was deleted, has expired, or was lost,
/// and the same one has to be handed over again.</param>
/// <param name="Expiry">Null while it is not there.</param>
public sealed record HeldMaterial(string Id, MaterialUse Use, bool IsImported, MaterialExpiry? Expiry)
{
    /// <summary>When it became current; null for the first, and before.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>The key works without it, and nobody has to hand it over again: an earlier version in a vault. What has
    /// not followed the newest yet still stands under it.</summary>
    public bool IsSpare { get; init; }
}

/// <summary>What came of making the pending material current.</summary>
public enum RotationOutcome
{
    /// <summary>It is current, or will be in a moment.</summary>
    Rotated,

    /// <summary>None is pending: an earlier rotation took it already.</summary>
    NothingPending,

    /// <summary>The cloud rotates one key so often, and no more.</summary>
    NoneLeft,
}

/// <summary>Until when imported material may be used. Stated at every import:
/// what a cloud takes for granted is its own affair.</summary>
public abstract record MaterialExpiry
{
    private MaterialExpiry()
    {
    }

    public sealed record Never : MaterialExpiry;

    /// <summary>The cloud deletes the material at <paramref name="ValidTo"/>, as if the tenant had revoked it. AWS:
    /// within 365 days, in whole seconds.</summary>
    public sealed record At(DateTimeOffset ValidTo) : MaterialExpiry;
}
