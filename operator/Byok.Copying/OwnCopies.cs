using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>
/// What of a place that others write to as well (<see cref="StoreRef.IsHeld"/>) is a copy of ours, so that it may be
/// deleted again. What answers to a bare name is ours by its hold. What is kept beside it, versions and snapshots,
/// can't be held: that is ours where the store has the same, so that nothing of anybody's is lost with it.
/// </summary>
public sealed class OwnCopies(IObjectData data, StoreRef source, StoreRef target)
{
    private const int NamesAtOnce = 16;

    /// <param name="versions">Of the target, to be deleted; all others of a name may be missing.</param>
    /// <param name="byName">Whether what is kept beside what is held is ours too:
    /// nobody else can have been there since it was made.</param>
    /// <param name="cancellation">The caller's.</param>
    /// <exception cref="ObjectRefusedException">One of them is not; it is named, and none is deleted.</exception>
    public async Task DemandAsync(IEnumerable<ObjectVersion> versions, bool byName, CancellationToken cancellation)
    {
        if (!target.IsHeld)
        {
            return;
        }

        var bounds = new ParallelOptions { MaxDegreeOfParallelism = NamesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(versions.GroupBy(version => version.Key, StringComparer.Ordinal), bounds,
            async (name, stop) =>
            {
                if (await FindOthersAsync([.. name], byName, stop) is { } theirs)
                {
                    throw new ObjectRefusedException(theirs, HeldPlace.Taken(theirs.Key));
                }
            });
    }

    /// <summary>Holds what an earlier attempt made and did not come to hold.
    /// False where somebody wrote there since.</summary>
    public async Task<bool> HoldAsync(ObjectVersion standing, CancellationToken cancellation) =>
        !target.IsHeld || !IsLive(standing) || await data.HoldAsync(target, standing, cancellation);

    /// <summary>Null where all of them are ours.</summary>
    private async Task<ObjectVersion?> FindOthersAsync(
        IReadOnlyList<ObjectVersion> standing, bool byName, CancellationToken cancellation)
    {
        var kept = standing.Where(version => !IsLive(version) && !version.IsDeleteMarker).ToList();
        var live = standing.FirstOrDefault(IsLive);
        var isHeld = (live is not null || (byName && kept.Count > 0))
            && await data.IsHeldAsync(target, standing[0].Key, cancellation);
        List<ObjectVersion> asked = [.. isHeld ? [] : standing.Where(IsLive), .. isHeld && byName ? [] : kept];
        if (asked.Count == 0)
        {
            return null;
        }

        var ours = await OfStoreAsync(standing[0].Key, cancellation);
        foreach (var version in asked)
        {
            if (!await HasTwinAsync(version, ours, cancellation)
                || (version == live && !await data.HoldAsync(target, version, cancellation)))
            {
                return version;
            }
        }

        return null;
    }

    private async Task<bool> HasTwinAsync(
        ObjectVersion version, IReadOnlyList<ObjectVersion> ours, CancellationToken cancellation)
    {
        byte[]? content = null;
        foreach (var other in ours.Where(one => one.Size == version.Size))
        {
            if (version.Checksum is { IsFullObject: true } left && other.Checksum is { IsFullObject: true } right
                && left.Algorithm == right.Algorithm)
            {
                if (left.Value == right.Value)
                {
                    return true;
                }

                continue;
            }

            content ??= await data.HashAsync(target, version.Key, version.VersionId, cancellation);
            var theirs = await data.HashAsync(source, other.Key, other.VersionId, cancellation);
            if (content.AsSpan().SequenceEqual(theirs))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>It is the first of its own prefix.</summary>
    private async Task<IReadOnlyList<ObjectVersion>> OfStoreAsync(string key, CancellationToken cancellation)
    {
        List<ObjectVersion> found = [];
        await foreach (var version in data.ListVersionsAsync(source, key, afterKey: null, cancellation))
        {
            if (version.Key != key)
            {
                break;
            }

            if (!version.IsDeleteMarker)
            {
                found.Add(version);
            }
        }

        return found;
    }

    private static bool IsLive(ObjectVersion version) => version is { IsLatest: true, IsDeleteMarker: false };
}
