using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>One material of a region's key: what the cloud holds, and what the record knows of it.</summary>
/// <param name="Fingerprint">Null where no record says it:
/// then the cloud alone can tell which material this is.</param>
/// <param name="IsNoted">The record has its id.</param>
internal sealed record KnownMaterial(int Generation, string? Fingerprint, bool IsNoted, HeldMaterial Held);

/// <summary>A material that a region's key waits for.</summary>
/// <param name="Fingerprint">As <see cref="KnownMaterial"/> has it.</param>
/// <param name="Id">The cloud's own name for it; null where that key never held it.</param>
internal sealed record NeededMaterial(string Region, int Generation, string? Fingerprint, string? Id);

/// <summary>Tells which generation each material of a region's key is of. Pure.</summary>
internal static class MaterialLedger
{
    /// <param name="region">Of the key.</param>
    /// <param name="held">As the cloud lists them.</param>
    /// <param name="bound">As the record has them, oldest first.</param>
    /// <param name="asked">The generation that the spec asks for: of the newest,
    /// where less is recorded than the cloud holds.</param>
    /// <returns>
    /// Oldest first. One whose id is not recorded is of a generation by its place, counted from the newest: ids of
    /// earlier generations are recorded before a new one is begun, so it is what was imported last.
    /// </returns>
    public static IReadOnlyList<KnownMaterial> Of(
        string region, IReadOnlyList<HeldMaterial> held, IReadOnlyList<KeyRecordMaterial> bound, int asked)
    {
        List<HeldMaterial> inTurn = [.. held.OrderBy(one => one.Use == MaterialUse.PendingRotation)
            .ThenBy(one => one.RotatedAt ?? DateTimeOffset.MinValue)];
        var newest = bound is [.., var last] && bound.Count >= inTurn.Count ? last.Generation : asked;
        return
        [
            .. inTurn.Select((one, at) =>
                Of(one, bound.FirstOrDefault(known => known.Ids.GetValueOrDefault(region) == one.Id),
                    newest - (inTurn.Count - 1 - at), bound)),
        ];
    }

    private static KnownMaterial Of(
        HeldMaterial held, KeyRecordMaterial? noted, int byPlace, IReadOnlyList<KeyRecordMaterial> bound) =>
            noted is null
            ? new(byPlace, bound.FirstOrDefault(known => known.Generation == byPlace)?.Fingerprint, IsNoted: false,
                held)
            : new(noted.Generation, noted.Fingerprint, IsNoted: true, held);

    /// <summary>As people are told of it.</summary>
    public static string Name(int generation, string? fingerprint) =>
        fingerprint is null ? $"generation {generation}"
            : $"generation {generation} (fingerprint {Short(fingerprint)})";

    /// <summary>Enough to tell materials apart by eye.</summary>
    private static string Short(string fingerprint) =>
        fingerprint.Length > ShownDigits ? fingerprint[..ShownDigits] : fingerprint;

    private const int ShownDigits = 16;
}
