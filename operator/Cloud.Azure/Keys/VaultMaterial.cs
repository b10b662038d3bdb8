using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>One material of a key of ours: every version that holds it. A vault makes another one each time that it is
/// given a material, and whoever rotates a key by hand copies the tags. Pure.</summary>
/// <param name="Versions">Oldest first, never empty.</param>
internal sealed record VaultMaterial(string Digest, IReadOnlyList<ImportedVersion> Versions)
{
    /// <summary>Which material of the key it is.</summary>
    private int Turn => Versions.Min(version => ImportTags.TurnOf(version.Tags));

    /// <param name="owner">Whose versions count.</param>
    /// <param name="versions">Of one key, oldest first.</param>
    /// <returns>Oldest first: the last one is what the key goes by.</returns>
    public static IReadOnlyList<VaultMaterial> Of(ImportedKeyOwner owner, IReadOnlyList<ImportedVersion> versions) =>
    [
        .. versions.Where(version => ImportTags.AreOf(owner, version.Tags))
            .GroupBy(version => ImportTags.MaterialOf(version.Tags), StringComparer.Ordinal)
            .Select(same => new VaultMaterial(same.Key, [.. same]))
            .OrderBy(material => material.Turn), // stable: of one turn the older comes first
    ];

    /// <summary>The version that its state goes by: of several, the first that can be used.</summary>
    public ImportedVersion Told(DateTimeOffset now) =>
        Versions.FirstOrDefault(version => version.Enabled && !(version.Expires <= now)) ?? Versions[0];

    /// <param name="isNewest">An earlier one is spare: whatever has followed the newest needs it no more, and it comes
    /// back together with that.</param>
    /// <param name="isFirst">It became current with the key itself.</param>
    /// <returns>By its first version, whatever stands beside that.</returns>
    public HeldMaterial Describe(bool isNewest, bool isFirst)
    {
        var first = Versions[0];
        var isThere = first.Enabled || !ImportTags.AreWithdrawn(first.Tags);
        return new HeldMaterial(
            first.Id.Version ?? "", isNewest ? MaterialUse.Current : MaterialUse.Earlier,
            IsImported: isNewest ? isThere : Versions.Any(version => version.Enabled), isThere ? first.Expiry : null)
        {
            RotatedAt = isFirst ? null : first.Created,
            IsSpare = !isNewest,
        };
    }
}
