using System.Globalization;
using Cluster.Tests.Primitives;

namespace Benchmarks;

/// <summary>A Markdown table, printed at once when a benchmark is done.</summary>
internal sealed class Table(string title, params string[] columns)
{
    private readonly List<string[]> rows = [];

    public Table Row(params string[] cells)
    {
        rows.Add(cells);
        return this;
    }

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine($"### {title}");
        Console.WriteLine();
        Console.WriteLine($"({Load.Now})");
        Console.WriteLine();
        Console.WriteLine($"| {string.Join(" | ", columns)} |");
        Console.WriteLine($"|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (var row in rows)
        {
            Console.WriteLine($"| {string.Join(" | ", row)} |");
        }

        Console.WriteLine();
    }

    public static string Number(double value) => value switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>A ratio beside its goal, with a plain word on whether it is met.</summary>
    public static string Judge(double ratio, double goal, bool atLeast) =>
        $"{(atLeast ? "≥" : "≤")} {Number(goal)}: {((atLeast ? ratio >= goal : ratio <= goal) ? "met" : "missed")}";
}
