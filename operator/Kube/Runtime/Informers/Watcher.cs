using System.Diagnostics;
using Kube.Core;
using Kube.Runtime.Hosting;
using Kube.Runtime.Scheduling;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Informers;

/// <summary>Does what a <see cref="WatchMachine{T}"/> asks, for ever: lists, watches, waits between failures.</summary>
internal sealed partial class Watcher<T>(IWatchSource<T> source, WatchTimes times, TimeProvider time, ILogger logger)
    where T : class, IResource<T>
{
    private readonly WatchMachine<T> machine = new();
    private IAsyncEnumerator<WatchEvent<T>>? stream;
    private long openedAt;
    private int failures;
    private long heardAt = time.GetTimestamp();

    /// <summary>How long ago the server last said anything: a page, an event, a bookmark, an orderly close.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Interlocked.Read(ref heardAt));

    /// <summary>Ends only when cancelled. The signals are told one by one, in order.</summary>
    public async Task RunAsync(Action<InformerEvent<T>> tell, CancellationToken cancellation)
    {
        try
        {
            await LoopAsync(tell, cancellation);
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async Task LoopAsync(Action<InformerEvent<T>> tell, CancellationToken cancellation)
    {
        var (signals, ask) = machine.Start();
        while (true)
        {
            foreach (var signal in signals)
            {
                tell(signal);
            }

            var answer = await AnswerAsync(ask, cancellation);
            await PaceAsync(answer, cancellation);
            (signals, ask) = machine.Advance(answer);
            if (ask is WatchRequest.Page { Continue: null })
            {
                LogListing(T.Kind.Plural);
            }
        }
    }

    private async Task<WatchResponse<T>> AnswerAsync(WatchRequest ask, CancellationToken cancellation)
    {
        try
        {
            var answer = await DoAsync(ask, cancellation);
            if (answer is not WatchResponse<T>.Opened) // which is before the server has said anything
            {
                Interlocked.Exchange(ref heardAt, time.GetTimestamp());
            }

            return answer;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            await CloseAsync();
            var code = (failure as KubeException)?.Status.Code ?? 0;
            LogFailed(T.Kind.Plural, code, failure.Message);
            RuntimeMetrics.WatchFailed(T.Kind.Plural, code);
            return new WatchResponse<T>.Failed(code,
                IsInTheWay: failure is KubeException { Status: { IsTooLong: true } or { IsUnreadable: true } });
        }
    }

    private async Task<WatchResponse<T>> DoAsync(WatchRequest ask, CancellationToken cancellation)
    {
        switch (ask)
        {
            case WatchRequest.Page page:
                return new WatchResponse<T>.Listed(await source.ListPageAsync(page.Continue, cancellation));
            case WatchRequest.Open open:
                await CloseAsync();
                openedAt = time.GetTimestamp();
                stream = source.WatchAsync(open.ResourceVersion, cancellation).GetAsyncEnumerator(cancellation);
                return new WatchResponse<T>.Opened();
            case WatchRequest.Read:
                return await stream!.MoveNextAsync() ? new WatchResponse<T>.Seen(stream.Current)
                    : new WatchResponse<T>.Closed();
            default:
                throw new UnreachableException(ask.GetType().Name);
        }
    }

    /// <summary>Waits after a failure, and after a watch that ended too soon to have been healthy.</summary>
    private async Task PaceAsync(WatchResponse<T> answer, CancellationToken cancellation)
    {
        // A successful list does not start over: a server that lists and then
        // refuses every watch must not be listed in a loop.
        if (answer is not (WatchResponse<T>.Closed or WatchResponse<T>.Failed
            or WatchResponse<T>.Seen { Event: WatchEvent<T>.Failed }))
        {
            return;
        }

        if (openedAt != 0 && time.GetElapsedTime(openedAt) >= times.Quiet)
        {
            failures = 0;
            if (answer is WatchResponse<T>.Closed)
            {
                return; // lived as long as the server lets it: the usual end
            }
        }

        failures++;
        openedAt = 0;

        // Cancelled, a delay of its own token would go on on the thread pool; so it ends where it is cancelled.
        await Task.Delay(times.Backoff.Delay(failures, Random.Shared.NextDouble()), time, CancellationToken.None)
            .WaitAsync(cancellation);
    }

    private async Task CloseAsync()
    {
        if (stream is { } open)
        {
            stream = null;
            await open.DisposeAsync();
        }
    }
}

/// <summary>Where a store's objects come from; <see cref="KubeWatchSource{T}"/> asks the apiserver.</summary>
public interface IWatchSource<T>
    where T : class, IResource<T>
{
    Task<KubeList<T>> ListPageAsync(string? continueFrom, CancellationToken cancellation);

    /// <summary>
    /// What happened after a version. Ends when the server has had enough; throws when refused, broken, or silent for
    /// so long that the peer must be dead.
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, CancellationToken cancellation);
}

/// <summary>How a watch that fails tries again.</summary>
public sealed record WatchTimes
{
    /// <summary>Between failed tries; the ceiling bounds how late a recovered server is noticed.</summary>
    public BackoffPolicy Backoff { get; init; } =
        new(First: TimeSpan.FromMilliseconds(500), Ceiling: TimeSpan.FromSeconds(20), Jitter: 0.5);

    /// <summary>
    /// A watch that lived this long was healthy, and the next failure starts over at the first delay. One that ended
    /// sooner, however politely, counts as failed: else a server that closes at once is asked in a hot loop.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(10);
}
