namespace Kube.Tests.Runtime.Hosting;

/// <summary>What happened, in order.</summary>
internal sealed class Diary
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    public void Write(string line)
    {
        lock (gate)
        {
            lines.Add(line);
        }
    }

    public async Task LiveAsync(string name, CancellationToken cancellation)
    {
        Write($"{name} starts");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        catch (OperationCanceledException)
        {
            Write($"{name} stops");
        }
    }
}
