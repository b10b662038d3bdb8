using Kube.Client;
using Kube.Core;
using Kube.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Informers;

/// <summary>
/// A copy of what the apiserver holds, kept by one list and one watch however many read it. A half-finished list is
/// never visible: the content is swapped in one step, indexes included. May lag;
/// decide irreversible acts on live reads.
/// </summary>
public sealed partial class Informer<T> : IInformer
    where T : class, IResource<T>
{
    private readonly Lock gate = new();
    private readonly InformerOptions<T> options;
    private readonly ILogger<Informer<T>> logger;
    private readonly Watcher<T> watcher;
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Action<T?, T?>> indexes = [];
    private readonly List<Action<Change<T>>> listeners = [];
    private readonly List<Action<ObjectKey>> quarantineListeners = [];
    private Dictionary<ObjectKey, T> items = [];
    private UInt128 reached;
    private bool started;

    public Informer(
        IWatchSource<T> source, TimeProvider time, ILogger<Informer<T>> logger, InformerOptions<T>? options = null)
    {
        this.logger = logger;
        this.options = options ?? new();
        watcher = new Watcher<T>(source, this.options.Times, time, logger);
        Quarantine = new Quarantine(gate);
    }

    public Informer(KubeApi<T> api, Selection selection, TimeProvider time, ILogger<Informer<T>> logger)
        : this(new KubeWatchSource<T>(api, selection), time, logger)
    {
    }

    public string Name => $"store/{T.Kind.Plural}";

    public bool HasSynced => synced.Task.IsCompletedSuccessfully;

    public TimeSpan Silence => watcher.Silence;

    /// <summary>The objects that stand and can't be read. What is found of them is how they stood before, or what
    /// <see cref="InformerOptions{T}.Follow"/> makes of it.</summary>
    public Quarantine Quarantine { get; }

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
    public InformerIndex<TKey, T> IndexBy<TKey>(Func<T, IEnumerable<TKey>> keysOf)
        where TKey : notnull
    {
        ThrowIfStarted();
        var index = new InformerIndex<TKey, T>(gate, keysOf);
        indexes.Add(index.Replace_NeedsLock);
        return index;
    }

    /// <summary>
    /// Tells of every change, after the store shows it, one at a time. Must be quick: it holds up the watch. Only
    /// before the store runs.
    /// </summary>
    public void Subscribe(Action<Change<T>> listener)
    {
        ThrowIfStarted();
        listeners.Add(listener);
    }

    /// <summary>Tells of an object that began to be, goes on being or ends being unreadable.
    /// Only before the store runs.</summary>
    public void SubscribeToQuarantine(Action<ObjectKey> listener)
    {
        ThrowIfStarted();
        quarantineListeners.Add(listener);
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

    private void ThrowIfStarted()
    {
        if (started)
        {
            throw new InvalidOperationException($"{Name} runs already: indexes and listeners come before that.");
        }
    }
}

/// <summary>What the manager needs to know of a store, whatever its kind.</summary>
public interface IInformer : IRunnable
{
    /// <summary>The first list is complete. Stays true afterwards.</summary>
    bool HasSynced { get; }

    /// <summary>How long ago the server last said anything.</summary>
    TimeSpan Silence { get; }

    Task WaitForSyncAsync(CancellationToken cancellation);
}
