using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>One region's imported key as seen in this look.</summary>
/// <param name="CreatingSince">
/// The write-ahead note: since then a creation is under way or was interrupted, and a key may stand that bears no name.
/// Seen as null where none stands.
/// </param>
/// <param name="Key">The key that bears the owner's name; seen as null where none does.</param>
/// <param name="WasUsed">A canary is stored: data may stand under the key, so no other one can take its place.</param>
internal sealed record ImportRegion(
    string Region, Fact<DateTimeOffset?> CreatingSince, Fact<ImportedKey?> Key, Fact<bool> WasUsed)
{
    /// <summary>As the cloud lists them; null where it was not asked,
    /// because the key itself tells of its only one.</summary>
    public Fact<IReadOnlyList<HeldMaterial>>? Listed { get; init; }

    /// <summary>Every material that the key was given, there or not.</summary>
    public Fact<IReadOnlyList<HeldMaterial>> Materials => Listed ?? Key.Select(OnlyOne);

    /// <summary>Without a name where the cloud tells none.</summary>
    private static IReadOnlyList<HeldMaterial> OnlyOne(ImportedKey? key) =>
        key is { Stands: true } && (key.MaterialId ?? (object?)key.Expiry) is not null
            ? [new HeldMaterial(key.MaterialId ?? "", MaterialUse.Current, key.Expiry is not null, key.Expiry)]
            : [];
}
