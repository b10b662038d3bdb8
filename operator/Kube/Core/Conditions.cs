namespace Kube.Core;

/// <summary>The one rule of conditions: <c>lastTransitionTime</c> moves only when <c>status</c> does.</summary>
public static class Conditions
{
    public static Condition? Find(IEnumerable<Condition> conditions, string type) =>
        conditions.FirstOrDefault(condition => condition.Type == type);

    public static bool IsTrue(IEnumerable<Condition> conditions, string type) =>
        Find(conditions, type)?.Status == "True";

    /// <summary>The list with this one set; the others stay as and where they are.</summary>
    public static IReadOnlyList<Condition> Set(IReadOnlyList<Condition> current, Condition next, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(next);
        var timed = Timed(current, next, now);
        return Find(current, next.Type) is null
            ? [.. current, timed]
            : [.. current.Select(condition => condition.Type == next.Type ? timed : condition)];
    }

    /// <summary>Exactly the wanted ones, in their order, with the times that the current ones justify.</summary>
    public static IReadOnlyList<Condition> Merge(
        IReadOnlyList<Condition> current, IEnumerable<Condition> wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(current);
        return [.. wanted.Select(condition => Timed(current, condition, now))];
    }

    private static Condition Timed(IReadOnlyList<Condition> current, Condition next, DateTimeOffset now) =>
        Find(current, next.Type) is { } before && before.Status == next.Status
            ? next with { LastTransitionTime = before.LastTransitionTime }
            : next with { LastTransitionTime = ToSeconds(now) };

    /// <summary>The wire carries whole seconds; a value with more would never equal what is read back.</summary>
    private static DateTimeOffset ToSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
