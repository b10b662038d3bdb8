using Cloud;
using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>What becomes of one call.</summary>
internal readonly struct Striking(Strike strike, Domain domain, Line line, CloudProblem? problem = null)
{
    private static readonly TimeSpan hang = TimeSpan.FromSeconds(40);

    /// <summary>It takes effect, and the answer makes no sense.</summary>
    public bool IsNonsense => strike == Strike.Nonsense;

    /// <summary>Returns where the call takes effect.</summary>
    public ValueTask BeforeAsync(CancellationToken cancellation)
    {
        line.ThrowIfDead();
        cancellation.ThrowIfCancellationRequested();
        return strike switch
        {
            Strike.None or Strike.Nonsense or Strike.AnswerLost or Strike.CrashAfter => ValueTask.CompletedTask,
            Strike.Crash => throw line.Crash(),
            Strike.Bug => throw new InvalidOperationException("a bug of an adapter's"),
            Strike.Hang => HangAsync(cancellation),
            _ => throw Failure(),
        };
    }

    public void After()
    {
        line.ThrowIfDead();
        if (strike == Strike.AnswerLost)
        {
            throw Failure();
        }

        if (strike == Strike.CrashAfter)
        {
            throw line.Crash();
        }
    }

    private async ValueTask HangAsync(CancellationToken cancellation)
    {
        // a delay that is cancelled itself goes on on the thread pool
        await Task.Delay(hang, line.Time, CancellationToken.None).WaitAsync(cancellation);
        throw Failure();
    }

    private Exception Failure() => domain == Domain.Cluster
        ? new HttpRequestException("the connection broke")
        : new CloudException(problem ?? new CloudProblem.Unreachable("Unreachable", "no answer came"), $"sim:{domain}");
}

/// <summary>How a call can fail.</summary>
internal enum Strike
{
    None,
    Refused,
    AnswerLost,
    Hang,
    Bug,
    Nonsense,
    Crash,
    CrashAfter,
}
