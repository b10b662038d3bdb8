using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using k8s.Models;
using Kube.Client;
using Kube.Core;
using Kube.Core.Json;
using Kube.Core.Kinds;
using Kube.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Events;

/// <summary>
/// Tells people, through <c>events.k8s.io/v1</c>. Never blocks and never throws at its callers: an Event is a courtesy,
/// and one that can't be written is dropped and counted. Needs create and patch on events.
/// </summary>
public sealed partial class EventRecorder : IRunnable
{
    private const int MostQueued = 1024; // a courtesy may not hold more memory than this
    private const int MostNoteBytes = 1024; // the server's limit
    private static readonly TimeSpan flushEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan writeLimit = TimeSpan.FromSeconds(5);

    private readonly KubeApi<KubeEvent> events;
    private readonly EventSource source;
    private readonly TimeProvider time;
    private readonly ILogger<EventRecorder> logger;
    private readonly EventAggregator book = new(() => Guid.NewGuid().ToString("n")[..16]);
    private readonly Channel<EventRequest> queue = Channel.CreateBounded<EventRequest>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public EventRecorder(
        KubeApi<KubeEvent> events, EventSource source, TimeProvider time, ILogger<EventRecorder> logger)
    {
        this.events = events;
        this.source = source;
        this.time = time;
        this.logger = logger;
    }

    public string Name => "events";

    /// <summary>News about an object.</summary>
    public void Tell<T>(T regarding, string reason, string action, string note)
        where T : class, IResource<T> =>
            Record(new EventRequest(ReferenceTo(regarding), IsWarning: false, reason, action, note));

    /// <summary>Something is wrong with an object.</summary>
    public void Warn<T>(T regarding, string reason, string action, string note)
        where T : class, IResource<T> =>
            Record(new EventRequest(ReferenceTo(regarding), IsWarning: true, reason, action, note));

    public void Record(EventRequest remark)
    {
        if (!queue.Writer.TryWrite(remark))
        {
            RuntimeMetrics.Spoke("dropped");
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var next = queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        var stop = Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            using var waking = new CancellationTokenSource();
            var flush = Task.Delay(flushEvery, time, waking.Token);
            var woke = await Task.WhenAny(next, flush, stop);
            await waking.CancelAsync();
            await SayAllAsync();
            foreach (var due in book.Due(time.GetUtcNow()))
            {
                await WriteAsync(due);
            }

            next = woke == next ? queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask() : next;
        }

        await SayAllAsync(); // what the last reconciles had to say
    }

    public static V1ObjectReference ReferenceTo<T>(T item)
        where T : class, IResource<T> => new()
        {
            ApiVersion = T.Kind.ApiVersion,
            Kind = T.Kind.Kind,
            NamespaceProperty = item.Metadata.Namespace,
            Name = item.Metadata.Name,
            Uid = item.Metadata.Uid,
            ResourceVersion = item.Metadata.ResourceVersion,
        };

    private async Task SayAllAsync()
    {
        while (queue.Reader.TryRead(out var remark))
        {
            if (book.Hear(remark, time.GetUtcNow()) is { } utterance)
            {
                await WriteAsync(utterance);
            }
            else
            {
                RuntimeMetrics.Spoke("aggregated");
            }
        }
    }

    private async Task WriteAsync(EventWrite utterance)
    {
        using var limit = new CancellationTokenSource(writeLimit, time);
        try
        {
            await (utterance switch
            {
                EventWrite.Create create => events.CreateAsync(EventFor(create), limit.Token),
                EventWrite.Update update => events.PatchMergeAsync(update.Event, SeriesOf(update), limit.Token),
                _ => throw new UnreachableException(utterance.GetType().Name),
            });
            RuntimeMetrics.Spoke("written");
        }
        catch (Exception failure) // a courtesy: what can't be said is left unsaid
        {
            RuntimeMetrics.Spoke("failed");
            LogUnsaid(failure.Message);
            Forget(utterance, isMissing: failure is KubeException { Status.IsNotFound: true });
        }
    }

    /// <summary>A series that the server does not have begins anew.</summary>
    private void Forget(EventWrite utterance, bool isMissing)
    {
        switch (utterance)
        {
            case EventWrite.Create create:
                book.Forget(create.EventRequest);
                break;
            case EventWrite.Update update when isMissing:
                book.Forget(update.EventRequest);
                break;
            default:
                break; // the count is told with the next update
        }
    }

    private KubeEvent EventFor(EventWrite.Create create) => new()
    {
        Metadata = new() { Namespace = create.Event.Namespace, Name = create.Event.Name },
        EventTime = create.At,
        ReportingController = source.Controller,
        ReportingInstance = source.Instance,
        Action = create.EventRequest.Action,
        Reason = create.EventRequest.Reason,
        Regarding = create.EventRequest.Regarding,
        Note = CutToBytes(Printable.Of(create.EventRequest.Note), MostNoteBytes),
        Type = create.EventRequest.IsWarning ? "Warning" : "Normal",
    };

    private static JsonObject SeriesOf(EventWrite.Update update) => new()
    {
        ["series"] = new JsonObject
        {
            ["count"] = update.Count,
            ["lastObservedTime"] = MicroTimeJson.Text(update.LastAt),
        },
    };

    /// <summary>Never cuts a character in two.</summary>
    internal static string CutToBytes(string text, int most)
    {
        var cut = 0;
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > most)
            {
                return text[..cut];
            }

            cut += rune.Utf16SequenceLength;
        }

        return text;
    }
}

/// <summary>Something a person may want to know about an object, said once or again.</summary>
/// <param name="Regarding">What it is about.</param>
/// <param name="IsWarning">A warning, or merely news.</param>
/// <param name="Reason">Why, in CamelCase, for machines; at most 128 characters.</param>
/// <param name="Action">What was done or tried, in CamelCase.</param>
/// <param name="Note">For people; cut at 1024 bytes.</param>
public sealed record EventRequest(
    V1ObjectReference Regarding, bool IsWarning, string Reason, string Action, string Note);

/// <summary>Who speaks.</summary>
/// <param name="Controller">A domain-like name, for example <c>example.com/operator</c>;
/// at most 128 characters.</param>
/// <param name="Instance">The pod or process; at most 128 characters.</param>
public sealed record EventSource(string Controller, string Instance);
