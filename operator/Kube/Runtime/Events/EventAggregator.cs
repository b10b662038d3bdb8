using Kube.Core;

namespace Kube.Runtime.Events;

/// <summary>
/// Turns remarks into as few Events as tell the same story. Pure: time is an argument. Equal remarks within a while are
/// one Event with a series; each object may bring only so many new Events; the book has an end. Not thread-safe.
/// </summary>
internal sealed class EventAggregator(Func<string> newSuffix)
{
    /// <summary>Series remembered; the oldest is forgotten, which costs at most one Event more.</summary>
    public const int MostSeries = 4096;

    /// <summary>A series that goes on is written again at most this often.</summary>
    public static readonly TimeSpan UpdateEvery = TimeSpan.FromMinutes(1);

    /// <summary>A remark after this much silence is a new Event: to a reader it happened anew.</summary>
    public static readonly TimeSpan SeriesEnd = TimeSpan.FromMinutes(6);

    /// <summary>New Events that one object may bring at once, and how soon it may bring one more.</summary>
    public const int Burst = 20;

    public static readonly TimeSpan RefillEvery = TimeSpan.FromSeconds(30);

    private readonly Dictionary<SeriesKey, Series> series = [];
    private readonly Dictionary<string, Allowance> allowances = [];

    /// <summary>What to write now; null when it is counted in silence or its object has said too much.</summary>
    public EventWrite? Hear(EventRequest remark, DateTimeOffset now)
    {
        var key = SeriesKey.Of(remark);
        if (series.TryGetValue(key, out var known) && now - known.LastAt < SeriesEnd)
        {
            known.Again(remark, now);
            return known.Count == 2 || now - known.WrittenAt >= UpdateEvery ? known.Write(now) : null;
        }

        if (!Allow(remark.Regarding.Uid ?? remark.Regarding.Name ?? "", now))
        {
            return null;
        }

        MakeRoom();
        var name = new ObjectKey(NamespaceOf(remark), $"{Cut(remark.Regarding.Name ?? "cluster", 200)}.{newSuffix()}");
        series[key] = new Series(name, remark, now);
        return new EventWrite.Create(name, remark, now);
    }

    /// <summary>Series whose count on the server is behind;
    /// series and allowances that are over are forgotten.</summary>
    public IReadOnlyList<EventWrite> Due(DateTimeOffset now)
    {
        foreach (var over in series.Where(entry => entry.Value.IsWritten && now - entry.Value.LastAt >= SeriesEnd)
            .ToList())
        {
            series.Remove(over.Key);
        }

        foreach (var full in allowances.Where(entry => now - entry.Value.Since >= RefillEvery * Burst).ToList())
        {
            allowances.Remove(full.Key);
        }

        return [.. series.Values.Where(one => !one.IsWritten && now - one.WrittenAt >= UpdateEvery)
            .Select(one => one.Write(now))];
    }

    /// <summary>The server does not have this Event any more: the next equal remark is a new one.</summary>
    public void Forget(EventRequest remark) => series.Remove(SeriesKey.Of(remark));

    private bool Allow(string subject, DateTimeOffset now)
    {
        var before = allowances.GetValueOrDefault(subject) ?? new Allowance(Burst, now);
        var refilled = (int)Math.Min(Burst, (now - before.Since) / RefillEvery);
        var tokens = Math.Min(Burst, before.Tokens + refilled);
        if (tokens == 0)
        {
            return false;
        }

        allowances[subject] =
            new Allowance(tokens - 1, tokens == Burst ? now : before.Since + (RefillEvery * refilled));
        return true;
    }

    private void MakeRoom()
    {
        if (series.Count >= MostSeries)
        {
            series.Remove(series.MinBy(entry => entry.Value.LastAt).Key);
        }
    }

    private static string NamespaceOf(EventRequest remark) =>
        // as Events of cluster-scoped objects do
        string.IsNullOrEmpty(remark.Regarding.NamespaceProperty) ? "default" : remark.Regarding.NamespaceProperty;

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..length].TrimEnd('.', '-');

    private sealed record Allowance(int Tokens, DateTimeOffset Since);

    private sealed record SeriesKey(string? Uid, string? Kind, string? Name, string? Namespace, string Text)
    {
        public static SeriesKey Of(EventRequest remark) => new(
            remark.Regarding.Uid,
            remark.Regarding.Kind,
            remark.Regarding.Name,
            remark.Regarding.NamespaceProperty,
            $"{remark.IsWarning}|{remark.Reason}|{remark.Action}|{remark.Note}");
    }

    private sealed class Series(ObjectKey name, EventRequest remark, DateTimeOffset now)
    {
        private EventRequest latest = remark;

        public int Count { get; private set; } = 1;

        public DateTimeOffset LastAt { get; private set; } = now;

        public DateTimeOffset WrittenAt { get; private set; } = now;

        /// <summary>The server shows the count as it is here.</summary>
        public bool IsWritten { get; private set; } = true;

        public void Again(EventRequest remark, DateTimeOffset at)
        {
            Count++;
            LastAt = at;
            latest = remark;
            IsWritten = false;
        }

        public EventWrite.Update Write(DateTimeOffset at)
        {
            WrittenAt = at;
            IsWritten = true;
            return new EventWrite.Update(name, latest, Count, LastAt);
        }
    }
}

/// <summary>What must be written for a remark, or for a series that went on in silence.</summary>
internal abstract record EventWrite
{
    private EventWrite()
    {
    }

    /// <summary>A new Event under this name.</summary>
    public sealed record Create(ObjectKey Event, EventRequest EventRequest, DateTimeOffset At) : EventWrite;

    /// <summary>The same Event happened this often now, the last time at this moment.</summary>
    public sealed record Update(
        ObjectKey Event, EventRequest EventRequest, int Count, DateTimeOffset LastAt) : EventWrite;
}
