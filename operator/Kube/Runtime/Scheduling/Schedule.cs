namespace Kube.Runtime.Scheduling;

/// <summary>
/// Which key to work on next. Pure: time is an argument (since any fixed moment), there is no task and no lock inside.
/// A key waits at most once, at its earliest time and highest priority, and is never handed out while it is being
/// worked on; what comes due meanwhile is handed out after <see cref="Done"/>. Groups take turns: of two with keys of
/// one priority due, the one that was served less comes first, however many keys the other has.
/// </summary>
/// <param name="mostRoutine">How many keys of a priority below 0 may be worked on at once.</param>
/// <param name="groupOf">Whose a key is; null: all are of one group.</param>
/// <param name="mostOfAGroup">How many keys of one group may be worked on at once.</param>
public sealed class Schedule<TKey>(
    int mostRoutine = int.MaxValue, Func<TKey, string>? groupOf = null, int mostOfAGroup = int.MaxValue)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> waiting = []; // the canonical copy; the sets only order it
    private readonly Dictionary<TKey, bool> running = []; // and whether it is routine
    private readonly SortedSet<Entry> byTime = new(Comparer<Entry>.Create(EarlierFirst));
    private readonly Dictionary<string, Group> groups = new(StringComparer.Ordinal); // those with keys due or worked on
    private readonly SortedSet<Group> inTurn = new(Comparer<Group>.Create(UrgentFirst)); // those that may be served
    private int ready;
    private int routine;
    private long order;
    private long served; // the turn of the group that was served last

    /// <summary>Keys that wait, due or not; those being worked on count only if they were added again.</summary>
    public int Waiting => waiting.Count;

    public int Running => running.Count;

    public bool Contains(TKey key) => waiting.ContainsKey(key) || running.ContainsKey(key);

    /// <summary>Asks for the key no later than this. Asking twice keeps the
    /// earlier time and the higher priority.</summary>
    public void Add(TKey key, TimeSpan readyAt, int priority = 0)
    {
        var entry = new Entry(key, readyAt, priority, order++);
        if (waiting.Remove(key, out var old))
        {
            byTime.Remove(old);
            Unready(old);
            entry = new Entry(
                key, Min(old.ReadyAt, readyAt), Math.Max(old.Priority, priority), old.Order); // keeps its place in line
        }

        waiting.Add(key, entry);
        byTime.Add(entry);
    }

    /// <summary>Takes the best key that is due, or says when to ask again (null: only after Add or Done).</summary>
    public bool TryTake(TimeSpan now, out WorkItem<TKey> turn, out TimeSpan? askAgain)
    {
        Promote(now);
        askAgain = byTime.Min?.ReadyAt;
        if (inTurn.Min is not { } group || (group.Best.Priority < 0 && routine >= mostRoutine))
        {
            // The best is routine: so are all.
            turn = default;
            return false;
        }

        var best = group.Best;
        Leave(group);
        group.Ready.Remove(best);
        group.Running++;
        served = Math.Max(served, group.WorkItem);
        group.WorkItem++;
        Enter(group);
        ready--;
        waiting.Remove(best.Key);
        running.Add(best.Key, best.Priority < 0);
        routine += best.Priority < 0 ? 1 : 0;
        turn = new WorkItem<TKey>(best.Key, now - best.ReadyAt, best.Priority);
        return true;
    }

    /// <summary>Keys that are due and not being worked on.</summary>
    public int CountDue(TimeSpan now)
    {
        Promote(now);
        return ready;
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

        var group = GroupOf(key);
        Leave(group);
        group.Running--;
        Enter(group);
    }

    private void Promote(TimeSpan now)
    {
        while (byTime.Min is { } next && next.ReadyAt <= now)
        {
            byTime.Remove(next);
            if (!running.ContainsKey(next.Key))
            {
                var group = GroupOf(next.Key);
                Leave(group);
                group.WorkItem = group.Ready.Count == 0 ? Math.Max(group.WorkItem, served) : group.WorkItem;
                group.Ready.Add(next);
                Enter(group);
                ready++;
            }
        }
    }

    private void Unready(Entry entry)
    {
        var group = GroupOf(entry.Key);
        Leave(group);
        ready -= group.Ready.Remove(entry) ? 1 : 0;
        Enter(group);
    }

    private Group GroupOf(TKey key)
    {
        var name = groupOf?.Invoke(key) ?? "";
        if (!groups.TryGetValue(name, out var group))
        {
            groups.Add(name, group = new Group(name));
        }

        return group;
    }

    /// <summary>Before anything that it is ordered by changes.</summary>
    private void Leave(Group group)
    {
        if (group.IsInTurn)
        {
            inTurn.Remove(group);
            group.IsInTurn = false;
        }
    }

    private void Enter(Group group)
    {
        if (group.Ready.Count > 0 && group.Running < mostOfAGroup)
        {
            group.IsInTurn = inTurn.Add(group);
        }
        else if (group.Ready.Count == 0 && group.Running == 0)
        {
            groups.Remove(group.Name);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static int EarlierFirst(Entry one, Entry other) =>
        one.ReadyAt != other.ReadyAt ? one.ReadyAt.CompareTo(other.ReadyAt) : one.Order.CompareTo(other.Order);

    private static int UrgentFirst(Entry one, Entry other) =>
        one.Priority != other.Priority ? other.Priority.CompareTo(one.Priority) : one.Order.CompareTo(other.Order);

    private static int UrgentFirst(Group one, Group other)
    {
        var byPriority = other.Best.Priority.CompareTo(one.Best.Priority);
        var byTurn = byPriority != 0 ? byPriority : one.WorkItem.CompareTo(other.WorkItem);
        return byTurn != 0 ? byTurn : one.Best.Order.CompareTo(other.Best.Order); // orders are all different
    }

    private sealed record Entry(TKey Key, TimeSpan ReadyAt, int Priority, long Order);

    /// <summary>
    /// Start-time fair queuing (Goyal, Vin and Cheng, 1996) where each key costs the same: whoever comes anew begins at
    /// the turn that is being served, so that nobody saves up turns by waiting.
    /// </summary>
    private sealed class Group(string name)
    {
        public string Name => name;

        public SortedSet<Entry> Ready { get; } = new(Comparer<Entry>.Create(UrgentFirst));

        public Entry Best => Ready.Min!;

        public int Running { get; set; }

        public bool IsInTurn { get; set; }

        public long WorkItem { get; set; }
    }
}

/// <summary>A key whose turn it is.</summary>
/// <param name="Key">What to work on.</param>
/// <param name="Waited">How long it had been due.</param>
/// <param name="Priority">The highest it was asked for with.</param>
public readonly record struct WorkItem<TKey>(TKey Key, TimeSpan Waited, int Priority)
    where TKey : notnull;
