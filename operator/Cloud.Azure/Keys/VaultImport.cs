using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>
/// The way of a material into a vault. Material that is there already is switched on again and never put a second time;
/// nothing is put over other material but what was asked for as new.
/// </summary>
internal sealed class VaultImport(ImportVault vault)
{
    private const string Operation = "vault:ImportKey";

    /// <summary>Of the key's newest material, or, where it has none or was deleted, its first.</summary>
    public Task<ImportOutcome> ImportAsync(
        ImportedKeyOwner owner, VaultKeyId id, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation) =>
        ReadAsync(id, material, parcel => PutAsync(new(owner, expiry, Turn: 1), id, parcel, cancellation));

    /// <summary>Beside what the key has. The same again, once it is the newest, is the import that was
    /// interrupted.</summary>
    public Task<ImportOutcome> ImportNewAsync(
        ImportedKeyOwner owner, VaultKeyId id, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation) =>
        ReadAsync(id, material, async parcel =>
        {
            if (await vault.ListAsync(id, cancellation) is not { } standing)
            {
                return await vault.FindDeletedAsync(id, cancellation) is { } deleted
                    && ImportTags.AreOf(owner, deleted.Tags) ? new ImportOutcome.KeyPendingDeletion()
                    : new ImportOutcome.KeyMissing();
            }

            if (!ImportTags.AreOf(owner, standing[0].Tags))
            {
                return Taken(id);
            }

            var known = VaultMaterial.Of(owner, standing);
            return known[^1] switch
            {
                { Digest: var digest, Versions: [var there, ..] } when digest == parcel.Digest =>
                    new ImportOutcome.Imported(there.Id.Version),
                _ when known.Any(one => one.Digest == parcel.Digest) => new ImportOutcome.IncorrectMaterial(),
                // a new version would be on: whoever switched this one off, the tenant or its administrator, meant it
                { Versions: [{ Enabled: false }, ..] } => new ImportOutcome.KeyDisabled(),
                _ when known.Count > IImportedKeys.MostRotations => new ImportOutcome.Refused("NoRotationLeft",
                    $"a key is given new material {IImportedKeys.MostRotations} times: bring it as another key"),
                _ => await MakeAsync(new(owner, expiry, known.Count + 1), id, parcel, cancellation),
            };
        });

    private static async Task<ImportOutcome> ReadAsync(
        VaultKeyId id, ReadOnlyMemory<byte> material, Func<Parcel, Task<ImportOutcome>> put)
    {
        if (TransferBlob.IsMeant(material.Span))
        {
            return TransferBlob.Read(material) switch
            {
                ({ } blob, _) when blob.ExchangeKey.Host != id.Vault.Host => new ImportOutcome.Refused(
                    "TransferKeyElsewhere",
                    $"the transfer blob was made for a key of {blob.ExchangeKey.Host}, and this one goes into "
                        + $"{id.Vault.Host}: make it with an exchange key of that vault"),
                ({ } blob, _) =>
                    await put(new(blob.Digest, target => ImportBody.Of(blob, material.Span, target))),
                (_, var fault) =>
                    new ImportOutcome.Refused("TransferBlobInvalid",
                        $"the transfer blob can't be passed on, {fault}: make it anew with the HSM vendor's tool"),
            };
        }

        return RsaPrivateKey.Read(material) is { IsSuitable: true } key
            ? await put(new(key.Digest, target => ImportBody.Of(key, target)))
            : new ImportOutcome.Refused("KeyNotSuitable",
                "the material is no RSA private key of 2048, 3072 or 4096 bits: storage accounts take no other");
    }

    private async Task<ImportOutcome> PutAsync(
        ImportTarget target, VaultKeyId id, Parcel parcel, CancellationToken cancellation)
    {
        if (await vault.ListAsync(id, cancellation) is { } standing)
        {
            return await AgainAsync(target, standing, parcel.Digest, cancellation);
        }

        return await vault.FindDeletedAsync(id, cancellation) is { } deleted
            ? await RecoverAsync(target, id, deleted, parcel.Digest, cancellation)
            : await MakeAsync(target, id, parcel, cancellation);
    }

    private async Task<ImportOutcome> MakeAsync(
        ImportTarget target, VaultKeyId id, Parcel parcel, CancellationToken cancellation)
    {
        try
        {
            using var body = parcel.Body(target);
            return new ImportOutcome.Imported((await vault.PutAsync(id, body.Written, cancellation)).Id.Version);
        }
        catch (CloudException refused) when (refused.Problem is CloudProblem.Refused)
        {
            return new ImportOutcome.Refused("MaterialRefused",
                $"the vault does not take it: {refused.Problem.Message}");
        }
    }

    private async Task<ImportOutcome> RecoverAsync(
        ImportTarget target, VaultKeyId id, ImportedVersion deleted, string digest, CancellationToken cancellation)
    {
        if (!ImportTags.AreOf(target.Owner, deleted.Tags))
        {
            return Taken(id);
        }

        if (!ImportTags.AreOf(digest, deleted.Tags))
        {
            return new ImportOutcome.IncorrectMaterial();
        }

        await vault.RecoverAsync(id, cancellation);
        return await vault.ListAsync(id, cancellation) is { } back
            ? await AgainAsync(target, back, digest, cancellation)
            : throw new CloudException(
                new CloudProblem.Conflict("KeyBeingRecovered", "the key is being recovered: looked at again"),
                Operation);
    }

    /// <summary>Every version of that material: which one data stands under is known by its canary only. The newest
    /// brings back what was taken away with it, and comes last itself: the key waits until then.</summary>
    private async Task<ImportOutcome> AgainAsync(
        ImportTarget target, IReadOnlyList<ImportedVersion> standing, string digest, CancellationToken cancellation)
    {
        if (!ImportTags.AreOf(target.Owner, standing[0].Tags))
        {
            return Taken(standing[0].Id);
        }

        var known = VaultMaterial.Of(target.Owner, standing);
        if (known[^1] is not { Versions: var same } newest || newest.Digest != digest)
        {
            return new ImportOutcome.IncorrectMaterial();
        }

        if (same.Any(version => !version.Enabled && !ImportTags.AreWithdrawn(version.Tags)))
        {
            return new ImportOutcome.KeyDisabled();
        }

        if (target.Expiry is MaterialExpiry.Never && same.Any(version => version.Expires is not null))
        {
            return new ImportOutcome.Refused("ExpiryStays",
                "a vault forgets no expiry that was once set: write a later spec.imported.azure.validTo");
        }

        foreach (var version in known.SkipLast(1).SelectMany(one => one.Versions)
            .Where(version => ImportTags.AreWithdrawn(version.Tags)))
        {
            await SwitchOnAsync(version, expires: null, cancellation);
        }

        foreach (var version
            in same.Where(version =>
                !version.Enabled || version.Expiry != target.Expiry || ImportTags.AreWithdrawn(version.Tags)))
        {
            await SwitchOnAsync(version, (target.Expiry as MaterialExpiry.At)?.ValidTo, cancellation);
        }

        return new ImportOutcome.Imported(same[0].Id.Version);
    }

    private Task SwitchOnAsync(ImportedVersion version, DateTimeOffset? expires, CancellationToken cancellation) =>
        vault.PatchAsync(version, enabled: true, expires, ImportTags.Marked(version.Tags, isWithdrawn: false),
            cancellation);

    private static ImportOutcome.Refused Taken(VaultKeyId id) => new(
        "KeyNameTaken",
        $"{id.Identity} is a key of somebody else's, or was one and still holds the name: choose another "
            + "spec.imported.azure.keyName");

    /// <summary>A material on its way.</summary>
    /// <param name="Digest">Tells it from another one, and nothing else of it.</param>
    /// <param name="Body">Whoever sends it disposes it.</param>
    private sealed record Parcel(string Digest, Func<ImportTarget, PinnedText> Body);
}
