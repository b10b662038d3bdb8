namespace Cloud.Keys;

/// <summary>A key of ours in one region whose material a tenant hands over, as the cloud describes it.</summary>
/// <param name="Key">Region and full id: what <see cref="ITenantKeys"/> and stores use it by.</param>
/// <param name="MaterialId">
/// The cloud's own name for the current material, made of key and material: the same bytes have another one in another
/// key. Null where the cloud tells none. It may be told of material that is no longer there.
/// </param>
/// <param name="Expiry">Null while there is no material to take away.</param>
public sealed record ImportedKey(
    KeyRef Key,
    ImportedKeyState State,
    string? MaterialId,
    MaterialExpiry? Expiry,
    DateTimeOffset CreatedAt)
{
    /// <summary>False where nothing stands in the place yet and importing will make the key.</summary>
    public bool Stands { get; init; } = true;

    /// <summary>Of a <see cref="ImportedKeyState.Foreign"/> one: the uid of the earlier object of the same tenant,
    /// namespace and name that it is of; null where it is of none.</summary>
    public string? Earlier { get; init; }

    /// <summary>Importing the same material takes a pending deletion back.</summary>
    public bool IsRecoverable { get; init; }
}
