namespace Simulation;

/// <summary>A world without faults in which what happens is said, not drawn. Ends as a story that can be compared.</summary>
internal sealed class Scenario
{
    private readonly List<string> story = [];
    private readonly Living living;

    public Scenario(Action<Truth>? begin = null)
    {
        var rng = new Rng(3);
        begin?.Invoke(Truth);
        living = new Living(Truth, rng, Bug.None);
        Operator = new Operating(Truth, rng, Bug.None) { Tell = Tell };
        living.Settle();
    }

    public Truth Truth { get; } = new();

    public Operating Operator { get; }

    public string Story => string.Join('\n', story) + "\n";

    public void Happens(string what, Action change)
    {
        story.Add($"-- {what}");
        change();
    }

    /// <summary>Both objects are reconciled and the copy gets on, so many times; the laws hold at each.</summary>
    public void Turns(int times)
    {
        for (var turn = 0; turn < times; turn++)
        {
            Truth.Now += TimeSpan.FromSeconds(5);
            Operator.ReconcileKey(faults: false);
            Operator.ReconcileStore(faults: false);
            living.CopyJobs(faults: false);
            living.CheckLaws();
        }
    }

    // Looking again and finding the same is not part of the story.
    private void Tell(string line)
    {
        var who = line[..line.IndexOf(':', StringComparison.Ordinal)];
        if (story.FindLast(earlier => earlier.StartsWith("--", StringComparison.Ordinal) || earlier.StartsWith(who, StringComparison.Ordinal)) != line)
        {
            story.Add(line);
        }
    }
}
