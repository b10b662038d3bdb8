namespace Kube.Runtime.Hosting;

/// <summary>Things that start together and stop together.</summary>
internal sealed class RunGroup(string name, TimeProvider time) : IDisposable
{
    private readonly List<IRunnable> members = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource<Exception> broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Task> running = [];

    public string Name => name;

    /// <summary>Completes when a member ended that should not have, with why.</summary>
    public Task<Exception> Broken => broken.Task;

    public void Add(IRunnable member) => members.Add(member);

    public void Start() => running = [.. members.Select(member => Task.Run(() => GuardAsync(member)))];

    public void Abort() => members.ForEach(member => member.Abort());

    /// <summary>Asks everybody to finish; aborts those that take longer than the grace,
    /// and leaves those that still go on.</summary>
    public async Task<bool> StopAsync(TimeSpan grace, TimeSpan abortGrace)
    {
        await stopping.CancelAsync();
        if (await EndedWithinAsync(grace))
        {
            return true;
        }

        Abort();
        return await EndedWithinAsync(abortGrace);
    }

    public void Dispose() => stopping.Dispose();

    private async Task<bool> EndedWithinAsync(TimeSpan bound)
    {
        try
        {
            await Task.WhenAll(running).WaitAsync(bound, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task GuardAsync(IRunnable member)
    {
        try
        {
            await member.RunAsync(stopping.Token);
            if (!stopping.IsCancellationRequested)
            {
                broken.TrySetResult(new InvalidOperationException($"{member.Name} ended by itself."));
            }
        }
        catch (Exception failure) // told to the manager, which stops everything
        {
            if (!stopping.IsCancellationRequested)
            {
                broken.TrySetResult(new InvalidOperationException($"{member.Name} failed.", failure));
            }
        }
    }
}
