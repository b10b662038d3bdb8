using System.Diagnostics;
using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>What the watch says, taken in: signal by signal, under one lock, told after.</summary>
public sealed partial class Informer<T>
{
    private Dictionary<ObjectKey, T> coming = [];
    private Dictionary<ObjectKey, Quarantined> comingBad = [];

    private void Take(InformerEvent<T> signal)
    {
        switch (signal)
        {
            case InformerEvent<T>.Begin:
                coming = new Dictionary<ObjectKey, T>(items.Count);
                comingBad = [];
                break;
            case InformerEvent<T>.Item { Resource.Metadata: { } unwanted } when !IsWanted(unwanted):
                break;
            case InformerEvent<T>.Changed { Resource.Metadata: { } unwanted } when !IsWanted(unwanted):
                Put(unwanted, null, bad: null);
                break;
            case InformerEvent<T>.Item item:
                coming[item.Resource.Metadata.Key] = Known(item.Resource.Metadata) ?? Trimmed(item.Resource);
                break;
            case InformerEvent<T>.BadItem bad:
                Hold(bad.Bad);
                break;
            case InformerEvent<T>.End end:
                Swap(end.ResourceVersion);
                break;
            case InformerEvent<T>.Changed changed:
                Put(changed.Resource.Metadata, Trimmed(changed.Resource), bad: null);
                break;
            case InformerEvent<T>.Spoiled spoiled:
                LogUnreadable(T.Kind.Plural, spoiled.Bad.Key, spoiled.Bad.Metadata.ResourceVersion, spoiled.Bad.Reason);
                Put(spoiled.Bad.Metadata, Followed(spoiled.Bad), spoiled.Bad);
                break;
            case InformerEvent<T>.Gone gone:
                Put(gone.Metadata, null, bad: null);
                break;
            case InformerEvent<T>.Reached passed:
                Advance(passed.ResourceVersion);
                break;
            default:
                throw new UnreachableException(signal.GetType().Name);
        }
    }

    /// <summary>One that a list brought: what was told of this version is not told again.</summary>
    private void Hold(Quarantined bad)
    {
        if (bad.IsNameless)
        {
            LogUnreadable(T.Kind.Plural, bad.Key, bad.Metadata.ResourceVersion, bad.Reason);
            return;
        }

        if (comingBad.Count < Quarantine.MostHeld)
        {
            comingBad[bad.Key] = Quarantine.Slim(bad);
        }

        var isKnown = Quarantine.Find(bad.Key) is { } before && before.Metadata.Uid == bad.Metadata.Uid
            && before.Metadata.ResourceVersion is { } version && version == bad.Metadata.ResourceVersion;
        if (!isKnown)
        {
            LogUnreadable(T.Kind.Plural, bad.Key, bad.Metadata.ResourceVersion, bad.Reason);
        }

        if ((isKnown ? items.GetValueOrDefault(bad.Key) : Followed(bad)) is { } followed)
        {
            coming[bad.Key] = followed;
        }
    }

    /// <summary>Another object of that name is another object: how the first one stood says nothing about it.</summary>
    private T? Followed(Quarantined bad)
    {
        var last = items.TryGetValue(bad.Key, out var held) && held.Metadata.Uid == bad.Metadata.Uid ? held : null;
        return options.Follow is { } follow ? follow(bad, last) is { } made ? Trimmed(made) : null : last;
    }

    /// <summary>The copy we hold of this very version: a relist must not double the memory.</summary>
    private T? Known(ObjectMeta item) =>
        items.TryGetValue(item.Key, out var held) && Quarantine.Find(item.Key) is null
        && held.Metadata.ResourceVersion is { } version && version == item.ResourceVersion
            ? held
            : null;

    private bool IsWanted(ObjectMeta item) => options.Wants is not { } wants || wants(item);

    private T Trimmed(T item) => options.Trim is { } trim ? trim(item) : item;

    private void Swap(string resourceVersion)
    {
        var isFirst = !HasSynced;
        List<Change<T>> changes = [];
        IReadOnlyList<ObjectKey> turned;
        lock (gate)
        {
            changes.AddRange(items.Where(old => !coming.ContainsKey(old.Key))
                .Select(old => new Change<T>(old.Value, null)));
            changes.AddRange(coming
                .Select(next => new Change<T>(items.GetValueOrDefault(next.Key), next.Value, isFirst))
                .Where(change => !ReferenceEquals(change.Old, change.New)));
            items = coming;
            changes.ForEach(change => Reindex_NeedsLock(change.Old, change.New));
            turned = Quarantine.Replace_NeedsLock(comingBad);
            Advance_NeedsLock(resourceVersion);
        }

        (coming, comingBad) = ([], []);
        LogSynced(T.Kind.Plural, changes.Count);
        changes.ForEach(Tell);
        foreach (var key in turned)
        {
            TellOfQuarantine(key);
        }

        synced.TrySetResult();
    }

    private void Put(ObjectMeta of, T? next, Quarantined? bad)
    {
        var key = of.Key;
        T? old;
        bool isChanged;
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
            isChanged = Quarantine.Put_NeedsLock(key, bad);
            Advance_NeedsLock(of.ResourceVersion);
        }

        if (!ReferenceEquals(old, next))
        {
            Tell(new Change<T>(old, next));
        }

        if (isChanged)
        {
            TellOfQuarantine(key);
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

    private void Tell(Change<T> change) => Tell(listeners, change, change.Key);

    private void TellOfQuarantine(ObjectKey key) => Tell(quarantineListeners, key, key);

    private void Tell<TNews>(List<Action<TNews>> each, TNews news, ObjectKey key)
    {
        foreach (var listener in each)
        {
            try
            {
                listener(news);
            }
            catch (Exception failure) // one listener's bug must not stop the watch for all the others
            {
                LogListenerFailed(T.Kind.Plural, key, failure);
            }
        }
    }
}
