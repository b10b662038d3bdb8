using System.Globalization;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using Kube.Core;

namespace ByokOperator.Overview;

/// <summary>One object, with each of its conditions, what it waits for, and the command that helps. Pure;
/// it shows and decides nothing.</summary>
internal static class WhyTree
{
    public static Node Of(Tenant tenant) =>
        Of($"tenant {tenant.Metadata.Name}", new Subject(Subject.OfTenant, tenant.Metadata.Key, TenantsKey: null),
            tenant.Metadata, tenant.Status?.Conditions, tenant.Status?.ObservedGeneration);

    public static Node Of(TenantEncryptionKey key) => Of(
        $"key {key.Metadata.Key}: {key.Spec.State}, {key.Status?.Verdict ?? "not looked at yet"}",
        new Subject(Subject.OfKey, key.Metadata.Key, key.Spec.Imported is null && key.Status?.Keys is [{ } first, ..]
            ? first.Id : null),
        key.Metadata, key.Status?.Conditions, key.Status?.ObservedGeneration);

    public static Node Of(EncryptedStore store) => Of(
        $"store {store.Metadata.Key}: "
            + $"{store.Status?.Availability ?? "not opened yet"}{(store.Status?.ClosedReason is { } reason ? $" ({reason})" : "")}",
        new Subject(Subject.OfStore, store.Metadata.Key, TenantsKey: null), store.Metadata, store.Status?.Conditions,
        store.Status?.ObservedGeneration);

    private static Node Of(
        string title, Subject about, ObjectMeta metadata, IReadOnlyList<Condition>? conditions, long? observed)
    {
        var ready = Conditions.Find(conditions ?? [], StatusReport.Ready);
        var node = new Node(title, ready is null ? Mood.Waiting : ready.Status == "True" ? Mood.Good : Mood.Bad);
        if (conditions is null or { Count: 0 })
        {
            return node.With(
                [new Node(
                    "the operator has not looked at it yet: see that it runs, and that a Tenant names the namespace",
                    Mood.Waiting)]);
        }

        node.With(conditions.Select(Line));
        if (observed is { } seen && metadata.Generation > seen)
        {
            node.With(
                [new Node(
                    $"this is of generation {seen}, and its spec is at {metadata.Generation}: the operator has not "
                        + "looked since", Mood.Waiting)]);
        }

        return ready is { Status: not "True" }
            && NextStep.For(about, ready.Reason,
                Conditions.Find(conditions, StatusReport.Stalled) is not null) is { } step
            ? node.With([Node.Command(step)])
            : node;
    }

    private static Node Line(Condition condition)
    {
        var since = condition.LastTransitionTime == default ? ""
            : $", since {condition.LastTransitionTime.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}";
        var isWell = condition.Type is StatusReport.Stalled or StatusReport.ReconcilingCondition
            ? condition.Status != "True" : condition.Status == "True";
        return new Node(
            isWell && condition.Message.Length == 0 ? $"{condition.Type}: {condition.Status}{since}"
            : $"{condition.Type}: {condition.Status}, "
                + $"{condition.Reason}{(condition.Message.Length > 0 ? $": {condition.Message}" : "")}{since}",
            isWell ? Mood.Good
                : condition.Status == "Unknown"
                    || condition.Type == StatusReport.ReconcilingCondition ? Mood.Waiting : Mood.Bad);
    }
}
