using Kube.Runtime.Hosting;

namespace Kube.Tests.Runtime.Hosting;

/// <summary>A part that notes its life; may fail, may be ill, may ignore its end.</summary>
internal sealed class FakePart(Diary diary, string name) : IRunnable, IHealth
{
    private readonly TaskCompletionSource failing = new();
    private readonly TaskCompletionSource aborted = new();

    public string Name => name;

    public string? Problem { get; set; }

    public bool FinishesOnlyWhenAborted { get; init; }

    public bool NeverFinishes { get; init; }

    public void Fail() => failing.TrySetException(new InvalidOperationException($"{name} broke"));

    public void Abort()
    {
        diary.Write($"{name} aborted");
        aborted.TrySetResult();
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var life = diary.LiveAsync(name, cancellation);
        await await Task.WhenAny(life, failing.Task);
        if (NeverFinishes)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        }

        if (FinishesOnlyWhenAborted)
        {
            await aborted.Task;
        }
    }
}
