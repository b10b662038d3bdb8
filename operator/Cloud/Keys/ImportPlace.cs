namespace Cloud.Keys;

/// <summary>Where one owner's imported key belongs. There is at most one in a place.</summary>
/// <param name="Region">On Azure <see cref="KeyRef.AnyRegion"/>: a vault's key serves stores in every location.</param>
public sealed record ImportPlace(ImportedKeyOwner Owner, string Region)
{
    public CloudKind Cloud { get; init; }

    /// <summary>The id that the key is to have, where owners choose it: on Azure its URL.
    /// Null where the cloud gives one to whatever is made.</summary>
    public string? KeyId { get; init; }
}
