using System.Security.Cryptography;
using System.Text;
using Simulation.Real.Running;

namespace Simulation;

/// <summary>One seed as it was told to its end: its story, and what ended it.</summary>
/// <param name="Seed">Which.</param>
/// <param name="Story">Line by line.</param>
/// <param name="Failure">A law that was broken, or anything else; null where it came to its end.</param>
/// <param name="Ticks">How many it took; zero where it did not come to its end.</param>
internal sealed record Told(int Seed, IReadOnlyList<string> Story, Exception? Failure, int Ticks)
{
    /// <summary>What led to it mostly stands in these.</summary>
    private const int LinesShown = 40;

    private const int WidestLine = 300;

    /// <param name="seed">Which.</param>
    /// <param name="run">Runs it with that listener, and gives the ticks it took.</param>
    public static Told Of(int seed, Func<Action<string>, int> run)
    {
        var story = new List<string>();
        try
        {
            return new Told(seed, story, null, run(story.Add));
        }
        catch (Exception failure)
        {
            return new Told(seed, story, failure, 0);
        }
    }

    /// <summary>Of all that it told, and how it ended.</summary>
    public string Digest =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{string.Join('\n', Story)}\n{this}, {Ticks} ticks")));

    /// <summary>What ended it, how its story ended, and whether it ends so each time.</summary>
    /// <param name="one">The same seed, run once more at once, and told.</param>
    /// <param name="other">Once more.</param>
    public string Explained(Told one, Told other) =>
        $"{this}\n{one.Compared(other)}\n{string.Join('\n', one.Story.TakeLast(LinesShown).Select(Cut))}";

    public override string ToString() => $"seed {Seed}: {Words(Failure)}";

    private string Compared(Told again)
    {
        var same = Story.Zip(again.Story).TakeWhile(lines => lines.First == lines.Second).Count();
        return same == Story.Count && same == again.Story.Count
            ? $"told twice at once: the same story, {Words(Failure)}, then {Words(again.Failure)}; it ended:"
            : $"told twice at once: another story, {Words(Failure)}, then {Words(again.Failure)}; they part at line "
                + $"{same + 1}"
                + $" ('{At(Story, same)}', then '{At(again.Story, same)}'); the first ended:";
    }

    private static string Words(Exception? failure) => failure switch
    {
        null => "it came to its end",
        LawBrokenException or StrayedException => failure.Message,
        _ => $"{failure}",
    };

    private static string At(IReadOnlyList<string> story, int line) =>
        line < story.Count ? Cut(story[line]) : "its end";

    private static string Cut(string line) => line.Length > WidestLine ? line[..WidestLine] : line;
}
