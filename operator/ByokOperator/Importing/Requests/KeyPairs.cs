using System.Security.Cryptography;
using System.Threading.Channels;
using ByokOperator.Material;
using Kube.Runtime.Hosting;

namespace ByokOperator.Importing.Requests;

/// <summary>
/// Fresh RSA pairs, each for one request. Making one takes a second or two of CPU, so a few are made ahead while this runs; they
/// live in this process's memory alone.
/// </summary>
internal sealed class KeyPairs : IRunnable, IDisposable
{
    private readonly Func<RSA> make;
    private readonly Channel<RSA> ready;
    private readonly SemaphoreSlim maker = new(1); // one at a time: requests must not take every core from revocation probes
    private int running;

    /// <param name="ahead">How many are kept ready.</param>
    /// <param name="make">Where a pair comes from; made anew where nothing is said.</param>
    public KeyPairs(int ahead, Func<RSA>? make = null)
    {
        this.make = make ?? MakeAnew;
        ready = Channel.CreateBounded<RSA>(ahead);
    }

    public string Name => "import key pairs";

    /// <summary>How many are made ahead now.</summary>
    public int Ready => ready.Reader.Count;

    public async Task RunAsync(CancellationToken cancellation)
    {
        Interlocked.Exchange(ref running, 1);
        while (await ready.Writer.WaitToWriteAsync(cancellation))
        {
            var pair = await MakeAsync(cancellation);
            if (!ready.Writer.TryWrite(pair))
            {
                pair.Dispose();
            }
        }
    }

    /// <summary>The caller disposes of it. Null where none is ready before the patience of the caller ends.</summary>
    public async Task<RSA?> TakeAsync(TimeSpan patience, CancellationToken cancellation)
    {
        if (ready.Reader.TryRead(out var pair))
        {
            return pair;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            return running == 1 ? await ready.Reader.ReadAsync(limit.Token) : await MakeAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose()
    {
        ready.Writer.TryComplete();
        while (ready.Reader.TryRead(out var pair))
        {
            pair.Dispose();
        }

        maker.Dispose();
    }

    private async Task<RSA> MakeAsync(CancellationToken cancellation)
    {
        await maker.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(make, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            maker.Release();
        }
    }

    private static RSA MakeAnew()
    {
        var pair = RSA.Create(WrappingKey.PlatformBits);
        _ = pair.ExportSubjectPublicKeyInfo(); // the pair is made when it is first used: now
        return pair;
    }
}
