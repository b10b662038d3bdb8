using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>
/// The way of a material into a vault. Material that is there already is switched on again and never put a second time;
/// where other material is there, nothing is put over it.
/// </summary>
internal sealed class VaultImport(ImportVault vault)
{
    private const string Operation = "vault:ImportKey";

    /// <summary>The version that the key's state goes by: of several, the first that can be used.</summary>
    public static ImportedVersion Current(
        ImportedKeyOwner owner, IReadOnlyList<ImportedVersion> versions, DateTimeOffset now)
    {
        var ours = versions.Where(version => ImportTags.AreOf(owner, version.Tags)).ToList();
        return ours.Find(version => version.Enabled && !(version.Expires <= now)) ?? ours[0];
    }

    public async Task<ImportOutcome> ImportAsync(
        ImportedKeyOwner owner, VaultKeyId id, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation)
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
                    await PutAsync(owner, id, (blob.Digest, () => ImportBody.Of(blob, material.Span, owner, expiry)),
                        expiry, cancellation),
                (_, var fault) =>
                    new ImportOutcome.Refused("TransferBlobInvalid",
                        $"the transfer blob can't be passed on, {fault}: make it anew with the HSM vendor's tool"),
            };
        }

        return RsaParts.Read(material) is { IsSuitable: true } key
            ? await PutAsync(owner, id, (key.Digest, () => ImportBody.Of(key, owner, expiry)), expiry, cancellation)
            : new ImportOutcome.Refused("KeyNotSuitable",
                "the material is no RSA private key of 2048, 3072 or 4096 bits: storage accounts take no other");
    }

    private async Task<ImportOutcome> PutAsync(
        ImportedKeyOwner owner, VaultKeyId id, (string Digest, Func<PinnedText> Body) material, MaterialExpiry expiry,
        CancellationToken cancellation)
    {
        if (await vault.ListAsync(id, cancellation) is { } standing)
        {
            return await AgainAsync(owner, standing, material.Digest, expiry, cancellation);
        }

        if (await vault.FindDeletedAsync(id, cancellation) is { } deleted)
        {
            return await RecoverAsync(owner, id, deleted, (material.Digest, expiry), cancellation);
        }

        try
        {
            using var body = material.Body();
            return new ImportOutcome.Imported((await vault.PutAsync(id, body.Written, cancellation)).Id.Version);
        }
        catch (CloudException refused) when (refused.Problem is CloudProblem.Refused)
        {
            return new ImportOutcome.Refused("MaterialRefused",
                $"the vault does not take it: {refused.Problem.Message}");
        }
    }

    private async Task<ImportOutcome> RecoverAsync(
        ImportedKeyOwner owner, VaultKeyId id, ImportedVersion deleted, (string Digest, MaterialExpiry Expiry) wanted,
        CancellationToken cancellation)
    {
        if (!ImportTags.AreOf(owner, deleted.Tags))
        {
            return Taken(id);
        }

        if (!ImportTags.AreOf(wanted.Digest, deleted.Tags))
        {
            return new ImportOutcome.IncorrectMaterial();
        }

        await vault.RecoverAsync(id, cancellation);
        return await vault.ListAsync(id, cancellation) is { } back
            ? await AgainAsync(owner, back, wanted.Digest, wanted.Expiry, cancellation)
            : throw new CloudException(
                new CloudProblem.Conflict("KeyBeingRecovered", "the key is being recovered: looked at again"),
                Operation);
    }

    /// <summary>Every version of that material: which one data stands under is known by its canary only.</summary>
    private async Task<ImportOutcome> AgainAsync(
        ImportedKeyOwner owner, IReadOnlyList<ImportedVersion> standing, string digest, MaterialExpiry expiry,
        CancellationToken cancellation)
    {
        if (!ImportTags.AreOf(owner, standing[0].Tags))
        {
            return Taken(standing[0].Id);
        }

        var same = standing.Where(version =>
            ImportTags.AreOf(owner, version.Tags) && ImportTags.AreOf(digest, version.Tags)).ToList();
        if (same.Exists(version => !version.Enabled && !ImportTags.AreWithdrawn(version.Tags)))
        {
            return new ImportOutcome.KeyDisabled();
        }

        if (expiry is MaterialExpiry.Never && same.Exists(version => version.Expires is not null))
        {
            return new ImportOutcome.Refused("ExpiryStays",
                "a vault forgets no expiry that was once set: write a later spec.imported.azure.validTo");
        }

        foreach (var version
            in same.Where(version =>
                !version.Enabled || version.Expiry != expiry || ImportTags.AreWithdrawn(version.Tags)))
        {
            await vault.PatchAsync(version, enabled: true, (expiry as MaterialExpiry.At)?.ValidTo,
                ImportTags.Marked(version.Tags, isWithdrawn: false), cancellation);
        }

        return same is [var first, ..] ? new ImportOutcome.Imported(first.Id.Version)
            : new ImportOutcome.IncorrectMaterial();
    }

    private static ImportOutcome.Refused Taken(VaultKeyId id) => new(
        "KeyNameTaken",
        $"{id.Identity} is a key of somebody else's, or was one and still holds the name: choose another "
            + "spec.imported.azure.keyName");
}
