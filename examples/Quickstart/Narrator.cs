using System.Diagnostics;

namespace Quickstart;

/// <summary>Prints each step as it happens, with the seconds since the start.</summary>
internal sealed class Narrator
{
    private readonly Stopwatch clock = Stopwatch.StartNew();

    public TimeSpan Elapsed => clock.Elapsed;

    public void Step(string text) => Console.WriteLine($"[{clock.Elapsed.TotalSeconds,5:0.0} s] {text}");

    public void Detail(string text) =>
        Console.WriteLine($"{new string(' ', $"[{clock.Elapsed.TotalSeconds,5:0.0} s] ".Length)}{text}");
}
