using System.Globalization;
using System.Text;
using ByokOperator.Api;
using ByokOperator.Migrations;
using Kube.Core;

namespace ByokOperator.Overview;

/// <summary>A plan as a person reads it. Pure.</summary>
internal static class PlanText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Of(EncryptedStore store)
    {
        var text = new StringBuilder();
        var plan = store.Status?.Plan;
        if (plan is null)
        {
            return store.Spec.Migration.Mode == MigrationPolicy.Plan
                ? $"{store.Metadata.Key}: no plan yet: {Why(store)}\n"
                : $"{store.Metadata.Key}: no plan: set spec.migration.mode to Plan before the store is made, or before "
                    + "its data goes back\n";
        }

        var back = IsBack(store) ? " back to the shared place" : "";
        text.Append(CultureInfo.InvariantCulture,
            $"{store.Metadata.Key}{back}: "
                + $"{(plan.State == MovePlanner.Complete ? $"counted at {plan.CountedAt:u}" : "being counted, so far")}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"  objects         {plan.Objects:N0} ({plan.Versions:N0} versions, {plan.DeleteMarkers:N0} delete "
                + $"markers)\n");
        text.Append(CultureInfo.InvariantCulture,
            $"  bytes           {Size(plan.Bytes ?? 0)}, the largest {Size(plan.LargestBytes ?? 0)}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"  takes about     {plan.EstimatedDuration}, bound by {Printable.Of(plan.BoundBy ?? "")}\n");
        text.Append("  requests\n");
        foreach (var request in plan.Requests ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"    {Printable.Of(request.Action),-28}{request.Count,16:N0}\n");
        }

        text.Append(plan.Obstacles is { Count: > 0 } ? "  in the way\n"
            : "  in the way      nothing that a listing tells\n");
        foreach (var obstacle in plan.Obstacles ?? [])
        {
            text.Append(CultureInfo.InvariantCulture,
                $"    {Printable.Of(obstacle.Reason)} ({obstacle.Count:N0}): {Printable.Of(obstacle.Message)}\n");
        }

        return text.ToString();
    }

    /// <summary>A store that has its own place moves nowhere but back.</summary>
    private static bool IsBack(EncryptedStore store) => store.Status?.ActiveKey is not null;

    private static string Why(EncryptedStore store) =>
        Conditions.Find(store.Status?.Conditions ?? [], "Ready") is { } ready
            ? Printable.Of($"{ready.Reason}{(ready.Message.Length > 0 ? $": {ready.Message}" : "")}")
            : "the operator has not looked at it";

    private static string Size(double bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++)
        {
            bytes /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {Units[unit]}");
    }
}
