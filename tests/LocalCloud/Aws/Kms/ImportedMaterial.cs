namespace LocalCloud.Aws.Kms;

/// <summary>One material that an EXTERNAL key was given. Its id stays when the bits are gone,
/// so that only the same ones come back.</summary>
internal sealed record ImportedMaterial(string Id, DateTimeOffset Created)
{
    /// <summary>null while the material is deleted, expired or lost.</summary>
    public KeyMaterial? Held { get; init; }

    /// <summary>null: it does not expire.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When a rotation made it current; null for the first one, and before.</summary>
    public DateTimeOffset? Rotated { get; init; }

    public string? Description { get; init; }

    /// <summary>Imported as new, not yet rotated to: belongs to the key from then on only.</summary>
    public bool IsPendingRotation { get; init; }
}
