using Kube.Runtime.Informers;

namespace Kube.Tests.Runtime.Hosting;

internal sealed class FakeStore(Diary diary, string name) : IInformer
{
    private readonly TaskCompletionSource synced = new();

    public string Name => name;

    public bool HasSynced => synced.Task.IsCompleted;

    public TimeSpan Silence { get; set; }

    public void Sync() => synced.TrySetResult();

    public Task WaitForSyncAsync(CancellationToken cancellation) => synced.Task.WaitAsync(cancellation);

    public Task RunAsync(CancellationToken cancellation) => diary.LiveAsync(name, cancellation);
}
