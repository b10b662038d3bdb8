namespace Kube.Runtime.Scheduling;

/// <summary>How long each key waits after it failed again. Pure but for chance, which is an argument.
/// Not thread-safe.</summary>
public sealed class Backoff<TKey>(BackoffPolicy policy, Func<double> chance)
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> failures = [];

    /// <summary>Keys that failed since they last succeeded.</summary>
    public int Failing => failures.Count;

    public int Failures(TKey key) => failures.GetValueOrDefault(key);

    /// <summary>Counts one more failure and says how long to wait.</summary>
    public TimeSpan Fail(TKey key)
    {
        var count = failures.GetValueOrDefault(key) + 1;
        failures[key] = count;
        return policy.Delay(count, chance());
    }

    public void Reset(TKey key) => failures.Remove(key);
}
