namespace Cloud.Keys;

/// <summary>
/// The port to keys in our own account whose material tenants hand over: one per owner and region, used afterwards
/// through <see cref="ITenantKeys"/> and stores by its id. Regions know nothing of each other. All problems of
/// transport and permission are <see cref="CloudException"/>; every verb but <see cref="CreateAsync"/> is idempotent.
/// </summary>
/// <remarks>
/// One key per owner, whatever is interrupted: write down that a key may be made, <see cref="CreateAsync"/>,
/// <see cref="NameAsync"/>, erase what was written once <see cref="FindAsync"/> sees the name. Who finds it written
/// <see cref="ScanAsync">scans</see>, names one and schedules the others for deletion.
/// Where a place says what id its key has, none of that is needed: the key is found there before it stands,
/// and importing makes it.
/// </remarks>
public interface IImportedKeys
{
    /// <summary>How long a cloud may take to agree with itself on what keys there are.
    /// KMS speaks of minutes at most.</summary>
    static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    /// <summary>How often a key is given new material at most: KMS's bound on rotations on demand. A vault has none of
    /// its own; each of its versions is one call more of every revocation.</summary>
    const int MostRotations = 25;

    /// <summary>
    /// The key that bears the owner's name; null where none does and none is foreseen. One request or two. A name given
    /// a moment ago may not be seen yet: <see cref="NameAsync"/> is what decides.
    /// </summary>
    Task<ImportedKey?> FindAsync(ImportPlace place, CancellationToken cancellation);

    /// <summary>
    /// All keys that carry the owner's tag, named or not, in whatever state, oldest first. Looks at every key of the
    /// account in that region, so it is for after an interrupted creation only. A key that was made a moment ago may
    /// not be listed yet: that there is none counts once <see cref="Settling"/>
    /// has passed since the creation was tried.
    /// </summary>
    Task<IReadOnlyList<ImportedKey>> ScanAsync(ImportPlace place, CancellationToken cancellation);

    /// <summary>
    /// Keys that bear the owner's tenant, namespace and name and another uid, and are not about to be deleted, whoever
    /// knows of them. Asked before a key is made, so that no second one is made beside the first,
    /// and before one is taken back.
    /// </summary>
    Task<IReadOnlyList<EarlierKey>> FindEarlierAsync(ImportPlace place, CancellationToken cancellation);

    /// <summary>
    /// A new key without material, tagged as the owner's from its first moment. Never tried twice: a
    /// <see cref="CloudProblem.Unreachable"/> here means that one may have been made.
    /// </summary>
    /// <param name="place">Whose.</param>
    /// <param name="workloads">Whom grants may ever let in: the key is born with that.</param>
    /// <param name="cancellation">As everywhere.</param>
    Task<ImportedKey> CreateAsync(ImportPlace place, DataPrincipal workloads, CancellationToken cancellation);

    /// <summary>Claims the owner's name for a key. Atomic in its region: of two callers with two keys one gets it, the
    /// other learns whose it is.</summary>
    Task<NamingOutcome> NameAsync(ImportPlace place, KeyRef key, CancellationToken cancellation);

    /// <summary>
    /// Wraps the material for the cloud and hands it over. Importing what is there already sets its expiry anew.
    /// Makes no copy of
    /// <paramref name="material"/>, which stays the caller's to pin and to wipe.
    /// </summary>
    /// <param name="place">Whose key it is; where it does not stand yet, it is made the owner's.</param>
    /// <param name="material">On AWS 32 bytes. On Azure an RSA private key (PKCS#8, DER), or a key transfer blob for
    /// the vault's HSM, passed on as it is.</param>
    /// <param name="materialId">Of an earlier import of the same material into the same key: the cloud then checks that
    /// it is this one. Null at the first.</param>
    Task<ImportOutcome> ImportAsync(
        ImportPlace place,
        KeyRef key,
        ReadOnlyMemory<byte> material,
        MaterialExpiry expiry,
        string? materialId,
        CancellationToken cancellation);

    /// <summary>Every material that the key was given, oldest first, whether it is there or not:
    /// it works only with all of them that are not <see cref="HeldMaterial.IsSpare">spare</see>.</summary>
    Task<IReadOnlyList<HeldMaterial>> MaterialsAsync(ImportPlace place, KeyRef key, CancellationToken cancellation);

    /// <summary>
    /// Hands over material that the key never had, beside what it has. It is pending until <see cref="RotateAsync"/>,
    /// in a vault a version that nothing follows yet; the key stays what it is, and so does everything under it.
    /// <see cref="ImportOutcome.IncorrectMaterial"/>: the key has this material, or had it.
    /// </summary>
    Task<ImportOutcome> ImportNewAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation);

    /// <summary>Makes the pending material the current one.</summary>
    Task<RotationOutcome> RotateAsync(ImportPlace place, KeyRef key, CancellationToken cancellation);

    /// <summary>Takes every material away at once; the same ones, all of them, bring the key back, and whatever is
    /// spare comes back with the newest. Says nothing where there is none, or no key.</summary>
    Task DeleteMaterialAsync(ImportPlace place, KeyRef key, CancellationToken cancellation);

    /// <summary>
    /// Deletes the key for good when <paramref name="window"/> (7 to 30 days) has passed, or the longer time that a
    /// vault was set up with. A deletion that is due already keeps its date.
    /// </summary>
    Task ScheduleDeletionAsync(ImportPlace place, KeyRef key, TimeSpan window, CancellationToken cancellation);
}

/// <summary>Where one owner's imported key belongs. There is at most one in a place.</summary>
/// <param name="Region">On Azure <see cref="KeyRef.AnyRegion"/>: a vault's key serves stores in every location.</param>
public sealed record ImportPlace(ImportedKeyOwner Owner, string Region)
{
    public CloudKind Cloud { get; init; }

    /// <summary>The id that the key is to have, where owners choose it: on Azure its URL.
    /// Null where the cloud gives one to whatever is made.</summary>
    public string? KeyId { get; init; }
}

/// <summary>What came of claiming an owner's name in a region.</summary>
public abstract record NamingOutcome
{
    private NamingOutcome()
    {
    }

    /// <summary>The name points to this key, since now or before.</summary>
    public sealed record Named : NamingOutcome;

    /// <summary>The name points to another key: that one is the owner's, and the one offered is surplus.</summary>
    public sealed record TakenBy(ImportedKey Holder) : NamingOutcome;
}
