using Cloud.Azure.Calling;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>
/// Keys in vaults of our own, each at the URL that its owner names. A vault makes a key together with its material, so
/// there is none to make beforehand: where nothing stands, a key is told that waits for its material. To take material
/// away is to switch off every version.
/// </summary>
internal sealed class VaultImportedKeys : IImportedKeys
{
    private readonly ImportVault vault;
    private readonly VaultImport import;

    public VaultImportedKeys(AzureCaller caller)
    {
        vault = new ImportVault(caller);
        import = new VaultImport(vault);
    }

    public async Task<ImportedKey?> FindAsync(ImportPlace place, CancellationToken cancellation)
    {
        var id = IdOf(place);
        var key = RefOf(id);
        if (await vault.ListAsync(id, cancellation) is { } versions)
        {
            return ImportTags.AreOf(place.Owner, versions[0].Tags)
                ? VaultMaterial.Of(place.Owner, versions)[^1].Told(vault.Time.GetUtcNow())
                    .Describe(key, vault.Time.GetUtcNow())
                : Foreign(place.Owner, key, versions[0]);
        }

        return await vault.FindDeletedAsync(id, cancellation) switch
        {
            null =>
                new ImportedKey(key, ImportedKeyState.PendingImport, null, null,
                    DateTimeOffset.MinValue) { Stands = false },
            { } deleted when ImportTags.AreOf(place.Owner, deleted.Tags) =>
                new ImportedKey(key, ImportedKeyState.PendingDeletion, deleted.Id.Version, null,
                    deleted.Created) { IsRecoverable = true },
            { } other => Foreign(place.Owner, key, other) with { Earlier = null },
        };
    }

    /// <summary>A name leads to one key, so there is nothing to look through.</summary>
    public async Task<IReadOnlyList<ImportedKey>> ScanAsync(ImportPlace place, CancellationToken cancellation) =>
        await FindAsync(place, cancellation) is { Stands: true, State: not ImportedKeyState.Foreign } standing
            ? [standing] : [];

    public async Task<IReadOnlyList<EarlierKey>> FindEarlierAsync(ImportPlace place, CancellationToken cancellation) =>
        await FindAsync(place, cancellation) is { Earlier: { } uid } earlier ? [new EarlierKey(earlier, uid)] : [];

    /// <summary>Makes nothing: what is there before the material is the place.</summary>
    public async Task<ImportedKey> CreateAsync(
        ImportPlace place, DataPrincipal workloads, CancellationToken cancellation) =>
        await FindAsync(place, cancellation) ?? throw new System.Diagnostics.UnreachableException();

    public async Task<NamingOutcome> NameAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        await FindAsync(place, cancellation) is { State: ImportedKeyState.Foreign } holder
            ? new NamingOutcome.TakenBy(holder) : new NamingOutcome.Named();

    public Task<ImportOutcome> ImportAsync(
        ImportPlace place,
        KeyRef key,
        ReadOnlyMemory<byte> material,
        MaterialExpiry expiry,
        string? materialId,
        CancellationToken cancellation) =>
            import.ImportAsync(place.Owner, VaultKeyId.Parse(key.Id).At(null), material, expiry, cancellation);

    /// <summary>A vault's versions are each the whole key: all but the newest are spare.</summary>
    public async Task<IReadOnlyList<HeldMaterial>> MaterialsAsync(
        ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        var known = VaultMaterial.Of(place.Owner, await OursAsync(place, key, "vault:GetKeyVersions", cancellation));
        return [.. known.Select((one, at) => one.Describe(isNewest: at == known.Count - 1, isFirst: at == 0))];
    }

    public Task<ImportOutcome> ImportNewAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation) =>
        import.ImportNewAsync(place.Owner, VaultKeyId.Parse(key.Id).At(null), material, expiry, cancellation);

    /// <summary>A vault's new version is current from its first moment.</summary>
    public Task<RotationOutcome> RotateAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        Task.FromResult(RotationOutcome.NothingPending);

    /// <summary>What data stands under goes first; a version that can't be switched off keeps none of the others on.
    /// An earlier one that is off already was switched off by somebody else, and does not come back.</summary>
    public async Task DeleteMaterialAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        var versions = await OursAsync(place, key, "vault:UpdateKey", cancellation);
        var newest = VaultMaterial.Of(place.Owner, versions) is [.., var last] ? last.Versions : [];
        CloudException? failure = null;
        foreach (var version in newest.Concat(versions.Reverse().Except(newest))
            .Where(one => one.Enabled || (newest.Contains(one) && !ImportTags.AreWithdrawn(one.Tags))))
        {
            try
            {
                await vault.PatchAsync(version, enabled: false, expires: null,
                    ImportTags.Marked(version.Tags, isWithdrawn: true), cancellation);
            }
            catch (CloudException failed)
            {
                failure ??= failed;
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>The vault keeps it for as long as it was set up to; until then it can be recovered.</summary>
    public async Task ScheduleDeletionAsync(
        ImportPlace place, KeyRef key, TimeSpan window, CancellationToken cancellation)
    {
        if (await OursAsync(place, key, "vault:DeleteKey", cancellation) is not [])
        {
            await vault.DeleteAsync(VaultKeyId.Parse(key.Id), cancellation);
        }
    }

    /// <summary>Every version of a key that the owner made, others' additions too;
    /// none where there is no key.</summary>
    private async Task<IReadOnlyList<ImportedVersion>> OursAsync(
        ImportPlace place, KeyRef key, string operation, CancellationToken cancellation)
    {
        var versions = await vault.ListAsync(VaultKeyId.Parse(key.Id), cancellation);
        return versions is null ? []
            : ImportTags.AreOf(place.Owner, versions[0].Tags) ? versions
            : throw new CloudException(
                new CloudProblem.Conflict("NotOurs", $"the key {key.Identity} is not this owner's and is left alone"),
                operation);
    }

    private static ImportedKey Foreign(ImportedKeyOwner owner, KeyRef key, ImportedVersion version) =>
        new(key, ImportedKeyState.Foreign, null, null,
            version.Created) { Earlier = ImportTags.EarlierOf(owner, version.Tags) };

    private static KeyRef RefOf(VaultKeyId id) =>
        new(KeyRef.AnyRegion, id.Identity) { Cloud = CloudKind.Azure, IsOurs = true };

    private static VaultKeyId IdOf(ImportPlace place) => VaultKeyId.Parse(place.KeyId ?? "").At(null);
}
