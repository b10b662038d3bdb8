namespace Kube.Runtime.Scheduling;

/// <summary>
/// Which key to work on next. Pure: time is an argument (since any fixed moment), there is no task and no lock inside.
/// A key waits at most once, at its earliest time and highest priority, and is never handed out while it is being
/// worked on; what comes due meanwhile is handed out after <see cref="Done"/>.
/// </summary>
/// <param name="mostRoutine">How many keys of a priority below 0 may be worked on at once.</param>
public sealed class Schedule<TKey>(int mostRoutine = int.MaxValue)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> waiting = []; // the canonical copy; the two sets only order it
    private readonly Dictionary<TKey, bool> running = []; // and whether it is routine
    private readonly SortedSet<Entry> byTime = new(Comparer<Entry>.Create(EarlierFirst));
    private readonly SortedSet<Entry> ready = new(Comparer<Entry>.Create(UrgentFirst));
    private int routine;
    private long order;

    /// <summary>Keys that wait, due or not; those being worked on count only if they were added again.</summary>
    public int Waiting => waiting.Count;

    public int Running => running.Count;

    public bool Contains(TKey key) => waiting.ContainsKey(key) || running.ContainsKey(key);

    /// <summary>Asks for the key no later than this. Asking twice keeps the earlier time and the higher priority.</summary>
    public void Add(TKey key, TimeSpan readyAt, int priority = 0)
    {
        var entry = new Entry(key, readyAt, priority, order++);
        if (waiting.Remove(key, out var old))
        {
            byTime.Remove(old);
            ready.Remove(old);
            entry = new Entry(
                key, Min(old.ReadyAt, readyAt), Math.Max(old.Priority, priority), old.Order); // keeps its place in line
        }

        waiting.Add(key, entry);
        byTime.Add(entry);
    }

    /// <summary>Takes the best key that is due, or says when to ask again (null: only after Add or Done).</summary>
    public bool TryTake(TimeSpan now, out Turn<TKey> turn, out TimeSpan? askAgain)
    {
        Promote(now);
        askAgain = byTime.Min?.ReadyAt;
        if (ready.Min is not { } best || (best.Priority < 0 && routine >= mostRoutine)) // the best is routine: so are all
        {
            turn = default;
            return false;
        }

        ready.Remove(best);
        waiting.Remove(best.Key);
        running.Add(best.Key, best.Priority < 0);
        routine += best.Priority < 0 ? 1 : 0;
        turn = new Turn<TKey>(best.Key, now - best.ReadyAt, best.Priority);
        return true;
    }

    /// <summary>Keys that could be taken now.</summary>
    public int CountDue(TimeSpan now)
    {
        Promote(now);
        return ready.Count;
    }

    public void Done(TKey key)
    {
        if (!running.Remove(key, out var wasRoutine))
        {
            return;
        }

        routine -= wasRoutine ? 1 : 0;
        if (waiting.TryGetValue(key, out var parked))
        {
            byTime.Add(parked); // it may have come due, and been set aside, while it was running
        }
    }

    private void Promote(TimeSpan now)
    {
        while (byTime.Min is { } next && next.ReadyAt <= now)
        {
            byTime.Remove(next);
            if (!running.ContainsKey(next.Key))
            {
                ready.Add(next);
            }
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static int EarlierFirst(Entry one, Entry other) =>
        one.ReadyAt != other.ReadyAt ? one.ReadyAt.CompareTo(other.ReadyAt) : one.Order.CompareTo(other.Order);

    private static int UrgentFirst(Entry one, Entry other) =>
        one.Priority != other.Priority ? other.Priority.CompareTo(one.Priority) : one.Order.CompareTo(other.Order);

    private sealed record Entry(TKey Key, TimeSpan ReadyAt, int Priority, long Order);
}
