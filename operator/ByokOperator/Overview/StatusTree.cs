using System.Globalization;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using Kube.Core;

namespace ByokOperator.Overview;

/// <summary>What stands, as a tree: tenant, namespace, key, store, with why what is not well is not, and the command
/// that helps. Pure; it shows and decides nothing.</summary>
/// <param name="tenants">Null where they may not be read.</param>
/// <param name="keys">Of the namespaces that were asked for.</param>
/// <param name="stores">The same.</param>
/// <param name="now">For ages.</param>
internal sealed class StatusTree(
    IReadOnlyList<Tenant>? tenants, IReadOnlyList<TenantEncryptionKey> keys, IReadOnlyList<EncryptedStore> stores,
    DateTimeOffset now)
{
    private const int BarWidth = 20;

    /// <summary>Of one namespace, what the name is about: a key with the stores under it,
    /// a store with its key.</summary>
    public static (IReadOnlyList<TenantEncryptionKey> Keys, IReadOnlyList<EncryptedStore> Stores) Belonging(
        string name, IReadOnlyList<TenantEncryptionKey> keys, IReadOnlyList<EncryptedStore> stores)
    {
        var ours = stores.Where(store => store.Metadata.Name == name || store.Spec.KeyRef?.Name == name).ToList();
        return ([
            .. keys.Where(key =>
                key.Metadata.Name == name || ours.Exists(store => store.Spec.KeyRef?.Name == key.Metadata.Name)),
        ], ours);
    }

    public IReadOnlyList<Node> Build()
    {
        var spaces = keys.Select(key => key.Metadata.Namespace ?? "")
            .Concat(stores.Select(store => store.Metadata.Namespace ?? "")).Distinct().Order(StringComparer.Ordinal)
            .ToList();
        if (tenants is null)
        {
            return [.. spaces.Select(Namespace)];
        }

        var roots = tenants.OrderBy(tenant => tenant.Metadata.Name, StringComparer.Ordinal)
            .Select(tenant => Of(tenant, spaces)).ToList();
        var owned = tenants.SelectMany(tenant => tenant.Spec.Namespaces).Select(one => one.Name).ToHashSet();
        var orphans = spaces.Where(space => !owned.Contains(space)).ToList();
        return orphans.Count == 0 ? roots : [.. roots, new Node("no tenant", Mood.Bad).With(orphans.Select(Namespace))];
    }

    private Node Of(Tenant tenant, IReadOnlyList<string> spaces)
    {
        var conditions = tenant.Status?.Conditions ?? [];
        var node = new Node($"tenant {tenant.Metadata.Name}", MoodOf(conditions));
        node.With(Why(new Subject(Subject.OfTenant, tenant.Metadata.Key, TenantsKey: null), conditions));
        node.With((tenant.Status?.Uncovered ?? [])
            .Select(place => new Node($"not covered by any store: {place}", Mood.Waiting)));
        return node.With(tenant.Spec.Namespaces.Select(one => one.Name).Where(spaces.Contains)
            .Order(StringComparer.Ordinal).Select(Namespace));
    }

    private Node Namespace(string ns)
    {
        var node = new Node($"namespace {ns}");
        var ours = stores.Where(store => store.Metadata.Namespace == ns)
            .OrderBy(store => store.Metadata.Name, StringComparer.Ordinal).ToList();
        var known = keys.Where(key => key.Metadata.Namespace == ns)
            .OrderBy(key => key.Metadata.Name, StringComparer.Ordinal).ToList();
        node.With(
            known.Select(key =>
                Of(key).With(ours.Where(store => store.Spec.KeyRef?.Name == key.Metadata.Name).Select(Of))));
        var names = known.Select(key => key.Metadata.Name).ToHashSet();
        var keyless = ours.Where(store => !names.Contains(store.Spec.KeyRef?.Name ?? "")).ToList();
        return node.With(keyless.GroupBy(store => store.Spec.KeyRef?.Name ?? "").Select(group => (group.Key.Length == 0
            ? new Node("no key: the data is in the shared place", Mood.Waiting)
            : new Node($"key {group.Key}: there is none", Mood.Bad)).With(group.Select(Of))));
    }

    private Node Of(TenantEncryptionKey key)
    {
        var conditions = key.Status?.Conditions ?? [];
        var since = key.Status switch
        {
            { Verdict: "Revoked", RevokedSince: { } at } => $" since {Age(at)}",
            { Verdict: "Unknown", UnknownSince: { } at } => $" since {Age(at)}",
            _ => "",
        };
        var ends = key.Status?.MaterialExpiresAt is { } end
            ? $", material goes by itself {end.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : "";
        var node = new Node(
            $"key {key.Metadata.Name}: {key.Spec.State}, {key.Status?.Verdict ?? "not looked at yet"}{since}{ends}",
            MoodOf(conditions));
        return node.With(
            Why(
                new Subject(Subject.OfKey, key.Metadata.Key,
                    key.Spec.Imported is null && key.Status?.Keys is [{ } first, ..] ? first.Id : null), conditions));
    }

    private Node Of(EncryptedStore store)
    {
        var conditions = store.Status?.Conditions ?? [];
        var closed = store.Status is { Availability: "Closed", ClosedSince: { } at } ? $" since {Age(at)}" : "";
        var why = store.Status is { ClosedReason: { } reason } ? $" ({reason})" : "";
        var node = new Node(
            $"store {store.Metadata.Name}: "
                + $"{store.Status?.Availability ?? "not opened yet"}{closed}{why}{Moved(store.Status?.Migration)}",
                    MoodOf(conditions));
        return node.With(Why(new Subject(Subject.OfStore, store.Metadata.Key, TenantsKey: null), conditions));
    }

    private static string Moved(MigrationProgress? progress)
    {
        if (progress is not { ObjectsTotal: > 0 and var total, ObjectsCopied: { } copied, FinishedAt: null })
        {
            return "";
        }

        var done = (int)Math.Clamp(BarWidth * copied / total, 0, BarWidth);
        var until = progress.EstimatedFinish is { } end
            ? $", done about {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"  [{new string('#', done)}{new string('-', BarWidth - done)}] {copied}/{total} objects moved{until}");
    }

    private static IEnumerable<Node> Why(Subject about, IReadOnlyList<Condition> conditions)
    {
        if (Conditions.Find(conditions, StatusReport.Ready) is not { Status: not "True" } ready)
        {
            yield break;
        }

        yield return new Node($"{ready.Reason}{(ready.Message.Length > 0 ? $": {ready.Message}" : "")}",
            MoodOf(conditions));
        if (NextStep.For(about, ready.Reason,
            Conditions.Find(conditions, StatusReport.Stalled) is not null) is { } step)
        {
            yield return Node.Command(step);
        }
    }

    /// <summary>What is on its way is not bad.</summary>
    private static Mood MoodOf(IReadOnlyList<Condition> conditions) =>
        Conditions.Find(conditions, StatusReport.Ready) is { Status: "True" } ? Mood.Good
        : conditions.Count == 0
            || Conditions.Find(conditions, StatusReport.ReconcilingCondition) is not null ? Mood.Waiting
        : Mood.Bad;

    private string Age(DateTimeOffset at)
    {
        var age = now - at;
        return age < TimeSpan.FromMinutes(2) ? $"{Math.Max(0, (int)age.TotalSeconds)} s"
            : age < TimeSpan.FromHours(2) ? $"{(int)age.TotalMinutes} min"
            : age < TimeSpan.FromDays(2) ? $"{(int)age.TotalHours} h"
            : $"{(int)age.TotalDays} days";
    }
}
