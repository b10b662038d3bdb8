using System.Text.RegularExpressions;
using Kube.Core;

namespace ByokOperator.Reconciling;

/// <summary>What every status keeps to, so that kstatus, Argo CD and Flux understand it. Tests end with it.</summary>
public static partial class ConditionsContract
{
    /// <summary>What is wrong, in sentences; empty means that the contract is kept.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<Condition> conditions, long generation)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        return [.. Each(conditions, generation), .. Together(conditions)];
    }

    private static IEnumerable<string> Each(IReadOnlyList<Condition> conditions, long generation) =>
        conditions.SelectMany(condition => new[]
        {
            condition.Status is "True" or "False" or "Unknown" ? null
                : $"{condition.Type} has the status {condition.Status}",
            Word().IsMatch(condition.Reason) ? null
                : $"{condition.Type} has the reason '{condition.Reason}', which is not CamelCase",
            condition.ObservedGeneration == generation ? null
                : $"{condition.Type} speaks of generation {condition.ObservedGeneration}, not {generation}",
            condition.Type is StatusReport.ReconcilingCondition or StatusReport.Stalled && condition.Status != "True"
                ? $"{condition.Type} stands though it is {condition.Status}" : null,
        }).OfType<string>();

    private static IEnumerable<string> Together(IReadOnlyList<Condition> conditions)
    {
        var ready = Conditions.Find(conditions, StatusReport.Ready);
        var reconciling = Conditions.Find(conditions, StatusReport.ReconcilingCondition) is not null;
        var stalled = Conditions.Find(conditions, StatusReport.Stalled) is not null;
        if (ready is null)
        {
            yield return "there is no Ready";
        }

        if (reconciling && stalled)
        {
            yield return "Reconciling and Stalled stand together";
        }

        if (ready?.Status == "True" && (reconciling || stalled))
        {
            yield return "Ready is True beside Reconciling or Stalled";
        }

        if (ready?.Status == "True"
            && conditions.FirstOrDefault(condition =>
                condition.Status != "True"
                    && condition.Reason is not (StatusReport.KeptAsAsked
                        or StatusReport.NewMaterialAwaited or StatusReport.ReturnPlanned
                        or StatusReport.ReturnNotCounted)) is { } other)
        {
            yield return $"Ready is True though {other.Type} is {other.Status}";
        }

        foreach (var twice in conditions.GroupBy(condition => condition.Type).Where(group => group.Count() > 1))
        {
            yield return $"{twice.Key} stands {twice.Count()} times";
        }
    }

    [GeneratedRegex(@"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?\z")]
    private static partial Regex Word();
}
