using System.Globalization;
using Cloud;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>Warns, in steps, of material that goes by itself: data that stands under it closes then,
/// as by a revocation. Pure.</summary>
internal static class MaterialExpiryWarning
{
    /// <summary>A warning beside Ready, True while it stands.</summary>
    public const string Condition = "MaterialExpiring";

    /// <summary>Nearest first.</summary>
    private static readonly (int Days, string Reason)[] steps =
        [(1, "WithinOneDay"), (7, "WithinSevenDays"), (30, "WithinThirtyDays")];

    /// <summary>Each region whose material has reached a step, the next to go first.</summary>
    public static IReadOnlyList<MaterialEnd> Of(KeyWorld world) =>
    [
        .. Ends(world)
            .Select(end =>
                (end.Region, end.At,
                    Step: Array.Find(steps, step => end.At - TimeSpan.FromDays(step.Days) <= world.Now).Days))
            .Where(end => end.Step > 0)
            .OrderBy(end => end.At)
            .Select(end => new MaterialEnd(end.Region, end.At, end.Step)),
    ];

    /// <summary>When the next step will be reached; null where nothing expires, or the last step was reached.</summary>
    public static TimeSpan? NextStepIn(KeyWorld world) => Ends(world)
        .SelectMany(end => steps.Select(step => (TimeSpan?)(end.At - TimeSpan.FromDays(step.Days) - world.Now)))
        .Where(left => left > TimeSpan.Zero).Min();

    /// <summary>Of the region that is next to go. The words are the same until the next step.</summary>
    public static Condition? Warning(KeyWorld world, long generation) =>
        Of(world) is not [var end, ..] ? null : new Condition
        {
            Type = Condition,
            Status = "True",
            Reason = Array.Find(steps, step => step.Days == end.Step).Reason,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{end.Region}: the material goes by itself at {end.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, "
                    + $"{end.Step} {(end.Step == 1 ? "day" : "days")} from now at most, and then every store that "
                    + $"uses this key is closed: {Fix(world, end.Region)}"),
            ObservedGeneration = generation,
        };

    /// <summary>The earliest of all regions; null where nothing is known to end by itself.</summary>
    public static DateTimeOffset? FirstEnd(KeyWorld world) => All(world).Select(end => end.At).Min();

    /// <summary>Whose key it is wants it to work.</summary>
    public static bool Warns(KeyWorld world) => world is { IsDeleting: false, IsRevokedByTenant: false };

    private static IEnumerable<(string Region, DateTimeOffset At)> Ends(KeyWorld world) =>
        Warns(world)
            ? All(world).Where(end => end.At is not null).Select(end => (end.Region, end.At!.Value))
            : [];

    private static IEnumerable<(string Region, DateTimeOffset? At)> All(KeyWorld world) => world.Import is { } import
        ? import.Regions.Select(region => (region.Region, EndOf(region)))
        : world.Regions.Select(region => (region.Region, region.EndsAt.ForDisplay()));

    /// <summary>The earliest of its materials: the key works with all of them or not at all.</summary>
    private static DateTimeOffset? EndOf(ImportRegion region) =>
        (region.Materials.ForDisplay() ?? []).Where(one => !one.IsSpare && one.Use != MaterialUse.PendingRotation)
            .Select(one => one.Expiry)
            .Append(region.Key.ForDisplay()?.Expiry).Select(expiry => (expiry as MaterialExpiry.At)?.ValidTo).Min();

    private static string Fix(KeyWorld world, string region)
    {
        var isVault = KeyRefs.CloudOf(region) == CloudKind.Azure;
        return world.Import is not null
            ? $"set spec.imported.{(isVault ? "azure" : "aws")}.validTo to a later time, and hand over the same key "
                + "once more if its Secret is gone"
                + (isVault ? ", the newest where it has several" : ", each of its materials where it has several")
            : isVault ? "the tenant sets a later expiry on the key's version in its vault, or rotates the key"
            : "the tenant imports the same material into its KMS key once more, with a later expiry or none";
    }
}

/// <summary>Imported material that goes by itself before long.</summary>
/// <param name="Step">The nearest step that was reached, in days.</param>
internal sealed record MaterialEnd(string Region, DateTimeOffset At, int Step)
{
    /// <summary>When this step was reached.</summary>
    public DateTimeOffset Since => At - TimeSpan.FromDays(Step);
}
