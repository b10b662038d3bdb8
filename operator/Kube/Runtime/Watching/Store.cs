using System.Diagnostics;
using Kube.Client;
using Kube.Core;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Watching;

/// <summary>
/// A copy of what the apiserver holds, kept by one list and one watch however many read it. A half-finished list is
/// never visible: the content is swapped in one step, indexes included. May lag; decide irreversible acts on live reads.
/// </summary>
public sealed partial class Store<T> : IStore
    where T : class, IResource<T>
{
    private readonly Lock gate = new();
    private readonly StoreOptions<T> options;
    private readonly ILogger<Store<T>> logger;
    private readonly Watcher<T> watcher;
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Action<T?, T?>> indexes = [];
    private readonly List<Action<Change<T>>> listeners = [];
    private Dictionary<ObjectKey, T> items = [];
    private Dictionary<ObjectKey, T> coming = [];
    private UInt128 reached;
    private bool started;

    public Store(IWatchSource<T> source, TimeProvider time, ILogger<Store<T>> logger, StoreOptions<T>? options = null)
    {
        this.logger = logger;
        this.options = options ?? new();
        watcher = new Watcher<T>(source, this.options.Times, time, logger);
        ByOwner = IndexBy(item => (item.Metadata.OwnerReferences ?? []).Select(owner => owner.Uid));
    }

    public Store(KubeApi<T> api, Selection selection, TimeProvider time, ILogger<Store<T>> logger)
        : this(new KubeWatchSource<T>(api, selection), time, logger)
    {
    }

    public string Name => $"store/{T.Kind.Plural}";

    public bool HasSynced => synced.Task.IsCompletedSuccessfully;

    public TimeSpan Silence => watcher.Silence;

    /// <summary>The objects by the uid of each owner they name.</summary>
    public StoreIndex<string, T> ByOwner { get; }

    public int Count => Volatile.Read(ref items).Count;

    public T? Find(ObjectKey key)
    {
        lock (gate)
        {
            return items.GetValueOrDefault(key);
        }
    }

    /// <summary>All objects as they stood at one moment.</summary>
    public IReadOnlyList<T> List()
    {
        lock (gate)
        {
            return [.. items.Values];
        }
    }

    public Task WaitForSyncAsync(CancellationToken cancellation) => synced.Task.WaitAsync(cancellation);

    /// <summary>Keeps the objects findable by what they mention. Only before the store runs.</summary>
    public StoreIndex<TKey, T> IndexBy<TKey>(Func<T, IEnumerable<TKey>> keysOf)
        where TKey : notnull
    {
        ThrowIfStarted();
        var index = new StoreIndex<TKey, T>(gate, keysOf);
        indexes.Add(index.Replace_NeedsLock);
        return index;
    }

    /// <summary>
    /// Tells of every change, after the store shows it, one at a time. Must be quick: it holds up the watch. Only before
    /// the store runs.
    /// </summary>
    public void Subscribe(Action<Change<T>> listener)
    {
        ThrowIfStarted();
        listeners.Add(listener);
    }

    /// <summary>
    /// True once the store shows this version of the object, or anything that happened to the kind after it. Versions
    /// are compared as the numbers they are; one that is no number counts as seen.
    /// </summary>
    public bool HasReached(ObjectKey key, string resourceVersion)
    {
        if (!Versions.TryParse(resourceVersion, out var wanted))
        {
            return true;
        }

        lock (gate)
        {
            return reached >= wanted
                || (items.TryGetValue(key, out var item)
                    && Versions.TryParse(item.Metadata.ResourceVersion, out var shown) && shown >= wanted);
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        started = true;
        try
        {
            await watcher.RunAsync(Take, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return; // the usual end
        }
    }

    private void Take(Signal<T> signal)
    {
        switch (signal)
        {
            case Signal<T>.Begin:
                coming = new Dictionary<ObjectKey, T>(items.Count);
                break;
            case Signal<T>.Item item:
                coming[item.Resource.Metadata.Key] = Known(item.Resource) ?? Trimmed(item.Resource);
                break;
            case Signal<T>.End end:
                Swap(end.ResourceVersion);
                break;
            case Signal<T>.Changed changed:
                Put(changed.Resource.Metadata.Key, Trimmed(changed.Resource), changed.Resource.Metadata.ResourceVersion);
                break;
            case Signal<T>.Gone gone:
                Put(gone.Resource.Metadata.Key, null, gone.Resource.Metadata.ResourceVersion);
                break;
            case Signal<T>.Reached passed:
                Advance(passed.ResourceVersion);
                break;
            default:
                throw new UnreachableException(signal.GetType().Name);
        }
    }

    /// <summary>The copy we hold of this very version: a relist must not double the memory.</summary>
    private T? Known(T item) =>
        items.TryGetValue(item.Metadata.Key, out var held)
        && held.Metadata.ResourceVersion is { } version && version == item.Metadata.ResourceVersion
            ? held
            : null;

    private T Trimmed(T item) => options.Trim is { } trim ? trim(item) : item;

    private void Swap(string resourceVersion)
    {
        var isFirst = !HasSynced;
        List<Change<T>> changes = [];
        lock (gate)
        {
            changes.AddRange(items.Where(old => !coming.ContainsKey(old.Key)).Select(old => new Change<T>(old.Value, null)));
            changes.AddRange(coming
                .Select(next => new Change<T>(items.GetValueOrDefault(next.Key), next.Value, isFirst))
                .Where(change => !ReferenceEquals(change.Old, change.New)));
            items = coming;
            changes.ForEach(change => Reindex_NeedsLock(change.Old, change.New));
            Advance_NeedsLock(resourceVersion);
        }

        coming = [];
        LogSynced(T.Kind.Plural, changes.Count);
        changes.ForEach(Tell);
        synced.TrySetResult();
    }

    private void Put(ObjectKey key, T? next, string? resourceVersion)
    {
        T? old;
        lock (gate)
        {
            old = items.GetValueOrDefault(key);
            if (next is null)
            {
                items.Remove(key);
            }
            else
            {
                items[key] = next;
            }

            Reindex_NeedsLock(old, next);
            Advance_NeedsLock(resourceVersion);
        }

        if (old is not null || next is not null)
        {
            Tell(new Change<T>(old, next));
        }
    }

    private void Advance(string resourceVersion)
    {
        lock (gate)
        {
            Advance_NeedsLock(resourceVersion);
        }
    }

    private void Advance_NeedsLock(string? resourceVersion)
    {
        if (Versions.TryParse(resourceVersion, out var version) && version > reached)
        {
            reached = version;
        }
    }

    private void Reindex_NeedsLock(T? old, T? next) => indexes.ForEach(replace => replace(old, next));

    private void Tell(Change<T> change)
    {
        foreach (var listener in listeners)
        {
            try
            {
                listener(change);
            }
            catch (Exception failure) // one listener's bug must not stop the watch for all the others
            {
                LogListenerFailed(T.Kind.Plural, change.Key, failure);
            }
        }
    }

    private void ThrowIfStarted()
    {
        if (started)
        {
            throw new InvalidOperationException($"{Name} runs already: indexes and listeners come before that.");
        }
    }
}
