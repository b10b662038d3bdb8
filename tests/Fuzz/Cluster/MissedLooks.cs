using System.Collections.Concurrent;
using ByokOperator.Cluster;
using Microsoft.Extensions.Logging;

namespace Fuzz.Cluster;

/// <summary>Hears what the operator says of looks that failed as none is known to.</summary>
internal sealed class MissedLooks : ILogger<FactReader>
{
    private readonly ConcurrentQueue<string> heard = new();

    public IReadOnlyCollection<string> Bugs => heard;

    public void Keep(string bug) => heard.Enqueue(bug);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        if (text.Contains(FactReader.LookFailed, StringComparison.Ordinal))
        {
            heard.Enqueue(text);
        }
    }
}
