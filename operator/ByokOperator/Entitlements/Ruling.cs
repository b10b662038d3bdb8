using ByokOperator.Reconciling;

namespace ByokOperator.Entitlements;

/// <summary>Whether the platform gave what a key or a store names. Says nothing of whether any of it exists,
/// and names no other tenant.</summary>
internal abstract record Ruling
{
    private Ruling()
    {
    }

    /// <summary>It is within what this tenant was given.</summary>
    public sealed record Granted(string Tenant) : Ruling;

    /// <param name="Reason">CamelCase, for a condition.</param>
    /// <param name="Message">What the platform would have to write.</param>
    public sealed record Refused(string Reason, string Message) : Ruling;

    public static Refused NoTenant(string ns) => new(
        "NoTenant",
        $"the namespace belongs to no tenant: the platform would have to add {{name: {ns}}} to spec.namespaces of a "
            + "Tenant");

    public static Refused NotGranted(IEnumerable<string> lacking) => new("NotGranted", string.Join("; ", lacking));
}

/// <summary>What a look says of it.</summary>
internal static class RulingFacts
{
    /// <summary>What nobody could find out was not given.</summary>
    public static bool IsRefused(this Fact<Ruling.Refused?> refusal) =>
        refusal.Blindness is not null || refusal.ForDisplay() is not null;
}
