using ByokOperator.Reconciling;

namespace Simulation.Real.Operators;

/// <summary>Plans and acts in the words of a story.</summary>
internal static class Telling
{
    public static void Steps(Action<string>? tell, string plan, IReadOnlyList<Step> steps)
    {
        if (tell is not null)
        {
            foreach (var step in steps)
            {
                tell($"{plan}: {Words(step)}");
            }
        }
    }

    public static string Words(Act act) =>
        act.ToString().Replace("IsReturn = False, ", "", StringComparison.Ordinal)
            .Replace("IsNext = False, ", "", StringComparison.Ordinal)
            .Replace("IsDestructive = True, ", "", StringComparison.Ordinal)
            .Replace("IsDestructive = False, ", "", StringComparison.Ordinal);

    private static string Words(Step step) => step switch
    {
        Step.Take take => $"{take.Rung}: {Words(take.Act)}",
        Step.Wait wait => $"{wait.Rung}: wait, {wait.Reason}",
        Step.Halt halt => $"{halt.Rung}: a person must act, {halt.Reason}",
        _ => "at rest",
    };
}
