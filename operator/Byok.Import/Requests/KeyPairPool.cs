using System.Collections.Concurrent;
using System.Security.Cryptography;
using Byok.Import.Serving;
using Byok.Material;
using Kube.Runtime.Hosting;

namespace Byok.Import.Requests;

/// <summary>
/// Fresh RSA pairs, each for one request. Making one takes seconds of CPU, so some are made ahead, by one thread that
/// runs only where nobody else wants the processor. They live in this process' memory alone:
/// one that ends loses idle time and nothing else.
/// </summary>
public sealed class KeyPairPool : IRunnable, IDisposable
{
    private readonly Func<RSA> make;
    private readonly SemaphoreSlim room;
    private readonly SemaphoreSlim maker = new(1);
    private readonly ConcurrentQueue<RSA> pairs = [];

    /// <param name="size">How many are kept ready.</param>
    /// <param name="make">Where a pair comes from; made anew where nothing is said.</param>
    public KeyPairPool(int size, Func<RSA>? make = null)
    {
        this.make = make ?? MakeAnew;
        room = new SemaphoreSlim(size);
    }

    public string Name => "import key pairs";

    /// <summary>How many are ready now.</summary>
    public int Ready => pairs.Count;

    /// <summary>Ends when told to, whether a pair is being made or not: nobody waits for that one any more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Fill(ended, cancellation)) { IsBackground = true, Name = Name }.Start();
        await ended.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// The caller disposes of it. Where none is ready one is made for this call, at once; null where another call waits
    /// for that already, so that no call waits longer than making one takes,
    /// and calls never make pairs on more than one thread.
    /// </summary>
    public async Task<RSA?> TakeAsync(CancellationToken cancellation)
    {
        if (pairs.TryDequeue(out var pair))
        {
            room.Release();
            ImportMetrics.Taken("pool");
            return pair;
        }

        if (!maker.Wait(0, CancellationToken.None))
        {
            ImportMetrics.Taken("none");
            return null;
        }

        try
        {
            ImportMetrics.Taken("call");
            return await Task.Factory.StartNew(make, cancellation, TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
        finally
        {
            maker.Release();
        }
    }

    public void Dispose()
    {
        while (pairs.TryDequeue(out var pair))
        {
            pair.Dispose();
        }
    }

    /// <summary>Starts no thread and queues no work: a thread that is made here would run as this one does.</summary>
    private void Fill(TaskCompletionSource ended, CancellationToken cancellation)
    {
        IdlePriority.Enter();
        try
        {
            while (true)
            {
                room.Wait(cancellation);
                pairs.Enqueue(make());
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return; // the usual end, which nobody waits for
        }
        catch (Exception broken)
        {
            ended.TrySetException(broken); // told to whoever runs the pool
        }
    }

    private static RSA MakeAnew()
    {
        var pair = RSA.Create(WrappingKey.PlatformBits);
        _ = pair.ExportSubjectPublicKeyInfo(); // the pair is made when it is first used: now
        return pair;
    }
}
