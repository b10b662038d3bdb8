namespace FakeApiServer;

/// <summary>What a server does on a bad day; tests ask for it.</summary>
public sealed class Faults : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<(Func<string, string, bool> Which, int Code, int? RetryAfterSeconds)> refusals = [];
    private CancellationTokenSource drop = new();
    private CancellationTokenSource expire = new();
    private int lostAnswers;

    /// <summary>Every list page takes this long.</summary>
    public TimeSpan PageDelay { get; set; }

    /// <summary>Watches stay open and say nothing more, for ever: a peer that is gone without a goodbye.</summary>
    public bool FreezeWatches { get; set; }

    /// <summary>The next requests that match (method, path) are refused with this code.</summary>
    public void Refuse(int code, int times = 1, int? retryAfterSeconds = null, Func<string, string, bool>? which = null)
    {
        lock (gate)
        {
            refusals.AddRange(Enumerable.Repeat((which ?? ((_, _) => true), code, retryAfterSeconds), times));
        }
    }

    /// <summary>The next writes are done, and the connection breaks before the answer.</summary>
    public void LoseAnswers(int times) => Interlocked.Add(ref lostAnswers, times);

    /// <summary>Breaks the connections of all open watches.</summary>
    public void DropWatches() => Interlocked.Exchange(ref drop, new()).Cancel();

    /// <summary>Sends 410 on all open watches and ends them.</summary>
    public void ExpireWatches() => Interlocked.Exchange(ref expire, new()).Cancel();

    public void Dispose()
    {
        drop.Dispose();
        expire.Dispose();
    }

    internal CancellationToken Dropped => drop.Token;

    internal CancellationToken Expired => expire.Token;

    internal bool TakeLostAnswer()
    {
        var left = Interlocked.Decrement(ref lostAnswers);
        if (left < 0)
        {
            Interlocked.Increment(ref lostAnswers);
        }

        return left >= 0;
    }

    internal (int Code, int? RetryAfterSeconds)? TakeRefusal(string method, string path)
    {
        lock (gate)
        {
            var index = refusals.FindIndex(refusal => refusal.Which(method, path));
            if (index < 0)
            {
                return null;
            }

            var found = refusals[index];
            refusals.RemoveAt(index);
            return (found.Code, found.RetryAfterSeconds);
        }
    }
}
