using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Kube.Core;
using Kube.Runtime.Events;

namespace ByokOperator.Notifications;

/// <summary>
/// Takes what controllers have to tell, and never makes them wait. What was told before is left out. What is older than
/// <see cref="Fresh"/> when this process first hears of it was told by whoever led then.
/// </summary>
internal sealed class NotificationBoard(TimeProvider time, bool hasSink)
{
    /// <summary>A sink that is away for long may not hold more memory than this;
    /// what is beyond is dropped and counted.</summary>
    public const int MostQueued = 1_024;

    /// <summary>Characters of reports that wait: they are long,
    /// and a revocation of many stores writes one for each at once.</summary>
    public const int MostQueuedText = 8 * 1024 * 1024;

    /// <summary>A leader that is gone may have taken notices with it: what is younger than this is told again,
    /// under the same id.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>Of one type about one object: closings and openings come one after the other,
    /// so the last few are enough.</summary>
    private const int MostRemembered = 8;

    /// <summary>Without a sink nobody listens.</summary>
    public bool HasSink { get; } = hasSink;

    private readonly ConcurrentDictionary<(ObjectKey About, string Type), ImmutableQueue<string>> told = new();
    private readonly Channel<Notification> queue = Channel.CreateBounded<Notification>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long queuedText;

    public ChannelReader<Notification> Queue => queue.Reader;

    /// <summary>The next one to be sent, if any waits.</summary>
    public bool TryTake([NotNullWhen(true)] out Notification? notice)
    {
        if (!queue.Reader.TryRead(out notice))
        {
            return false;
        }

        Interlocked.Add(ref queuedText, -TextOf(notice));
        return true;
    }

    public void Tell(params IEnumerable<Notification> notices)
    {
        if (!HasSink)
        {
            return;
        }

        foreach (var notice in notices)
        {
            var about = (new ObjectKey(notice.Data.Namespace, notice.Data.Kind + "/" + notice.Data.Name), notice.Type);
            var known = told.GetValueOrDefault(about) ?? [];
            if (known.Contains(notice.Id))
            {
                continue;
            }

            told[about] = (known.Count() == MostRemembered ? known.Dequeue() : known).Enqueue(notice.Id);
            if (time.GetUtcNow() - notice.Time <= Fresh && !TryQueue(notice))
            {
                NotificationMetrics.Count(NotificationMetrics.Dropped);
            }
        }
    }

    private bool TryQueue(Notification notice)
    {
        if (Interlocked.Add(ref queuedText, TextOf(notice)) <= MostQueuedText && queue.Writer.TryWrite(notice))
        {
            return true;
        }

        Interlocked.Add(ref queuedText, -TextOf(notice));
        return false;
    }

    private static long TextOf(Notification notice) => notice.Data.Report?.Length ?? 0;

    /// <summary>The object is gone: what was told of it matters no more.</summary>
    public void Forget(string kind, ObjectKey key)
    {
        foreach (var about
            in told.Keys.Where(about => about.About == new ObjectKey(key.Namespace, kind + "/" + key.Name)))
        {
            told.TryRemove(about, out _);
        }
    }
}

/// <summary>What controllers say to people beside status: Events to whoever looks at the cluster,
/// notices to the sink outside.</summary>
internal sealed record Publisher(EventRecorder Events, NotificationBoard Notifications);
