namespace Cluster.Tests.Primitives;

/// <summary>
/// How long a test waits for what is going to happen. None of it is a promise about time: it turns a hang into a
/// failure, on a machine many times slower than ours too. What promises a time measures it, alone,
/// with the trait <c>Cores=quiet</c>.
/// </summary>
public static class LastResort
{
    /// <summary>A whole story, for <c>[Fact(Timeout = ...)]</c>, in milliseconds.</summary>
    public const int Story = 900_000;

    /// <summary>For what usually takes seconds.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>For what is killed again and again meanwhile:
    /// Kubernetes itself lets up to six minutes pass before it starts the next pod.</summary>
    public static readonly TimeSpan AmongKills = TimeSpan.FromMinutes(15);
}
