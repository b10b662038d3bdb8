using ByokOperator.Api;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>What is shown of an imported key's materials. Pure. What can't be seen stays as it was shown.</summary>
internal static class MaterialReport
{
    public static IReadOnlyList<MaterialStatus>? Of(KeyWorld world, string region, TenantEncryptionKeyStatus? shown)
    {
        if (world.Import?.Regions.FirstOrDefault(one => one.Region == region) is not { } there)
        {
            return null;
        }

        var known = world.Import.KnownIn(there);
        return known.Blindness is not null ? shown?.Keys?.FirstOrDefault(one => one.Region == region)?.Materials
            : known.ForDisplay() is [_, ..] all
                ? [.. all.Where(one => one.Held.Id.Length > 0)
                    .Select(one => Of(one, world.Import.Bound.ForDisplay() ?? []))]
            : null;
    }

    /// <summary>What new data goes under in every region; null where nothing was imported.</summary>
    public static int? Generation(KeyWorld world, TenantEncryptionKeyStatus? shown) =>
        world.Import is not { } import ? null
            : IsBlind(import) ? shown?.Generation
            : All(import).Where(one => one.Held.Use == MaterialUse.Current)
                .Select(one => (int?)Math.Max(1, one.Generation)).Min();

    /// <summary>Null where none is missing.</summary>
    public static IReadOnlyList<int>? Missing(KeyWorld world, TenantEncryptionKeyStatus? shown)
    {
        if (world.Import is not { } import)
        {
            return null;
        }

        return IsBlind(import) ? shown?.MissingGenerations
            : All(import).Where(IsMissing).Select(one => Math.Max(1, one.Generation)).Distinct().Order()
                .ToList() is [_, ..] missing ? missing
            : null;
    }

    private static bool IsBlind(ImportWorld import) =>
        import.Regions.Any(region => import.KnownIn(region).Blindness is not null);

    private static IEnumerable<KnownMaterial> All(ImportWorld import) =>
        import.Regions.SelectMany(region => import.KnownIn(region).ForDisplay() ?? []);

    private static bool IsMissing(KnownMaterial one) =>
        one.Held is { IsImported: false, IsSpare: false, Use: not MaterialUse.PendingRotation };

    private static MaterialStatus Of(KnownMaterial known, IReadOnlyList<KeyRecordMaterial> bound) => new()
    {
        Generation = known.Generation > 0 ? known.Generation : null,
        Id = known.Held.Id,
        Fingerprint = known.Fingerprint,
        State = IsMissing(known) ? "Missing" : known.Held is { IsSpare: true, IsImported: false } ? "Off"
            : known.Held.Use == MaterialUse.PendingRotation ? "Pending"
            : $"{known.Held.Use}",
        Since = bound.FirstOrDefault(one => one.Generation == known.Generation)?.Since,
        ExpiresAt = (known.Held.Expiry as MaterialExpiry.At)?.ValidTo,
    };
}
