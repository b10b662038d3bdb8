using ByokOperator.Api;

namespace Simulation;

/// <summary>Clients and copy pods, who go on whatever the operator does; and the laws about the data.</summary>
internal sealed class Living(Truth truth, Rng rng, Bug bug)
{
    private const int MostVersions = 14;

    private int nextId = 1;
    private int neighbours;

    /// <summary>A person took the fence away; until it stands again, a late write is that person's doing.</summary>
    public bool FenceIsLiftedByHand { get; set; }

    public void Settle()
    {
        for (var key = 0; key < Truth.Keys; key++)
        {
            truth.Neighbour.Write(new Version(key, nextId++), isVersioned: true);
            if (truth.HasShared)
            {
                Accept(truth.Source, new Version(key, nextId++));
            }
        }

        neighbours = truth.Neighbour.Versions.Count;
    }

    public void Client(bool faults)
    {
        var version = new Version(rng.Next(Truth.Keys), rng.Once(4) ? -nextId++ : nextId++);
        if (truth.Acknowledged.Versions.Count >= MostVersions || truth.Running == 0)
        {
            return;
        }

        var hasOldPointer = truth.Binding is null || (faults && rng.Once(6));
        if (!hasOldPointer && truth is { IsDenied: false, CanUseKey: true } && truth.PinMaterial == truth.Material)
        {
            Accept(truth.Target, version);
        }
        else if (hasOldPointer && truth.HasShared && (truth.Fence is null || bug is Bug.NoWriteFence))
        {
            WriteToSource(version, faults);
        }
    }

    public void CopyJobs(bool faults)
    {
        foreach (var job in truth.Jobs)
        {
            if (job.IsDone || job.IsFailed)
            {
                continue;
            }

            job.Pace = job.Pace > 0 ? job.Pace : rng.Once(4) ? 12 : 1;
            if (!rng.Once(faults ? job.Pace : Math.Min(job.Pace, 2)))
            {
                continue;
            }

            for (var shard = 0; shard < Truth.Shards; shard++)
            {
                Advance(job, shard, faults);
            }

            job.IsDone = truth.AllShardsDone(job.Fingerprint) && Array.TrueForAll(job.Listed, listed => listed is not null);
        }
    }

    public void CheckLaws()
    {
        if (truth.Neighbour.Versions.Count != neighbours)
        {
            throw new LawBrokenException("5", "a neighbour's objects are gone");
        }

        var mayBeGone = truth.StoreIsDeleting && truth.IsDeletionConfirmed && truth.DeletionPolicy == DeletionPolicies.Delete && (truth.Served is not null || !truth.HasShared);
        var holder = truth.Served is null && truth.HasShared ? truth.Source : truth.Target;
        if (!mayBeGone && !truth.Acknowledged.SaysTheSameAs(holder))
        {
            throw new LawBrokenException("5", "what a client was told to be stored is not where readers are pointed");
        }

        foreach (var stray in truth.Strays)
        {
            if (!truth.Source.Versions.Contains(stray))
            {
                throw new LawBrokenException("5", "an object was deleted that no receipt vouches for");
            }
        }

        FenceIsLiftedByHand &= truth.Fence is null;
    }

    private void Advance(CopyRun job, int shard, bool faults)
    {
        if (faults && rng.Once(10))
        {
            job.IsFailed = true;
        }
        else if (job.Listed[shard] is not { } listed)
        {
            job.Listed[shard] = truth.LastWords[job.Fingerprint][shard] ?? [.. truth.Source.Versions.Where(version => version.Key % Truth.Shards == shard)];
        }
        else if (rng.Once(2) && truth.LastWords[job.Fingerprint][shard] is null && MayWrite())
        {
            truth.Target.Versions.RemoveAll(version => version.Key % Truth.Shards == shard);
            truth.Target.Versions.AddRange(listed);
            truth.LastWords[job.Fingerprint][shard] = listed;
        }
    }

    /// <summary>The worker names the tenant's key in every request, so a key that is off fails the write.</summary>
    private bool MayWrite()
    {
        var works = truth is { IsDisabled: false, IsUnreachable: false } && truth.PinMaterial == truth.Material;
        return works || (bug is Bug.WeakerWriteWhenKeyIsOff ? throw new LawBrokenException("2", "an object was written under another key because the tenant's did not answer") : false);
    }

    private void WriteToSource(Version version, bool faults)
    {
        if (truth.Served is null)
        {
            Accept(truth.Source, version);
            return;
        }

        if (!faults || version.Id < 0)
        {
            return; // in the calm nobody writes to the old place; a delete there takes nothing that counts
        }

        if (!FenceIsLiftedByHand && truth.Retired is null && !truth.StoreIsDeleting && truth.StoreExists)
        {
            throw new LawBrokenException("5", "a client with an old pointer was not refused before the source was retired");
        }

        if (!truth.IsVersioned)
        {
            truth.Strays.RemoveAll(stray => stray.Key == version.Key);
        }

        truth.Source.Write(version, truth.IsVersioned);
        truth.Strays.Add(version);
    }

    private void Accept(Place place, Version version)
    {
        place.Write(version, truth.IsVersioned);
        truth.Acknowledged.Write(version, truth.IsVersioned);
    }
}
