namespace Simulation;

/// <summary>A copy Job in the cluster: per shard it lists now and copies later, so that writes slip between.</summary>
internal sealed class CopyRun(string fingerprint, int attempt)
{
    public string Fingerprint { get; } = fingerprint;

    public int Attempt { get; } = attempt;

    public bool IsFailed { get; set; }

    public bool IsDone { get; set; }

    /// <summary>It gets on once in so many turns; some pods are slow enough to outlive what they were started for.</summary>
    public int Pace { get; set; }

    public Version[]?[] Listed { get; } = new Version[]?[Truth.Shards];
}
