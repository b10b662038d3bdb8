using ByokOperator.Reconciling;

namespace ByokOperator.Tenants;

/// <summary>What has to be true of a Tenant. Nothing is done for it: it is a word that others go by.</summary>
internal static class TenantLadder
{
    public static readonly IReadOnlyList<Rung<TenantWorld>> Rungs =
    [
        new("SpecValid", SpecValid),
        new("Alone", Alone),
        new("Giving", Giving),
        new("NamespacesFound", NamespacesFound),
        new("AdoptionsFollowed", AdoptionsFollowed),
    ];

    public static Plan<TenantWorld> Choose(TenantWorld world) => Plan.Climb("Wanted", Rungs, world);

    private static Finding SpecValid(TenantWorld world) => world.Violations is []
        ? Finding.Holds.Now
        : new Finding.Stuck("SpecInvalid",
            $"nothing new is begun for this tenant until this is mended: {string.Join("; ", world.Violations)}");

    private static Finding Alone(TenantWorld world) => world.Overlaps.Judge(overlaps => overlaps is []
        ? Finding.Holds.Now
        : new Finding.Stuck("Overlaps", Words(overlaps, "; ")));

    private static Finding.Holds Giving(TenantWorld world) => world.Lacks.Length == 0
        ? Finding.Holds.Now
        : new Finding.Holds("GivesNothing", world.Lacks);

    /// <summary>It may be made later: that is no fault, and is told.</summary>
    private static Finding NamespacesFound(TenantWorld world) => world.Missing.Judge(missing => missing is []
        ? Finding.Holds.Now
        : new Finding.Holds("NamespaceMissing",
            $"not there: {Words(missing, ", ")}; make them, or take them out of spec.namespaces"));

    private static Finding AdoptionsFollowed(TenantWorld world) => world.Adoptions.Judge(adoptions =>
        adoptions.Refused is [_, ..] refused ? new Finding.Stuck("AdoptionRefused", Words(refused, "; "))
        : adoptions.Awaited is [_, ..] awaited ? new Finding.Holds("AdoptionAwaited", Words(awaited, "; "))
        : Finding.Holds.Now);

    /// <summary>A message has an end.</summary>
    private static string Words(IReadOnlyList<string> all, string between) =>
        string.Join(between, all.Take(5)) + (all.Count > 5 ? $" and {all.Count - 5} more" : "");
}
