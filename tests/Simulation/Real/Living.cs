using ByokOperator.Api;
using Simulation.Real.Clouds;

namespace Simulation.Real;

/// <summary>Clients, who go on whatever the operator does; and the laws about the data.</summary>
internal sealed class Living(World world, Rng rng)
{
    private const int MostVersions = 14;
    private const int OldPointerOneIn = 6;

    private int nextId = 1;

    public void Settle(Home home)
    {
        home.Acknowledged.IsVersioned = home.HasShared && home.Shared.IsVersioned;
        if (home.HasShared)
        {
            for (var key = 0; key < Home.Objects; key++)
            {
                Accept(home, home.Shared, key, nextId++);
            }
        }
    }

    public void Client(Home home, bool rough)
    {
        var (key, id) = (rng.Next(Home.Objects), rng.Once(4) ? -nextId++ : nextId++);
        if (home.Acknowledged.Under("").Count() >= MostVersions || world.People.Running(home) == 0)
        {
            return;
        }

        var hasOldPointer = world.People.Binding(home) is null || (rough && rng.Once(OldPointerOneIn));
        if (!hasOldPointer && home is { IsOurs: true, Target.IsDenied: false } && home.PinnedMaterial != 0
            && home.CloudKey.Works(home.PinnedMaterial))
        {
            Accept(home, home.Target!, key, id);
        }
        else if (hasOldPointer && home.HasShared && !home.IsFenced)
        {
            WriteToSource(home, key, id, rough);
        }
    }

    public void CheckLaws()
    {
        foreach (var home in world.Homes)
        {
            CheckLaws(home);
        }
    }

    private void CheckLaws(Home home)
    {
        var store = world.People.Store(home);
        var isDeleting = store is null || store["metadata"]!["deletionTimestamp"] is not null;
        var mayBeGone = isDeleting && home.IsDeletionConfirmed && home.DeletionPolicy == DeletionPolicies.Delete
            && (home.IsServed || home.Target is null || !home.HasShared || home.WasServed);
        var isBack = world.People.LeadsToShared(home);
        home.WasServed = !isBack && (home.WasServed || home.IsServed);
        var holder = !isBack && (home.IsServed || home.WasServed || !home.HasShared) ? home.Target : home.Shared;
        if (!mayBeGone
            && !(holder is null ? home.Acknowledged.IsEmpty : home.Acknowledged.SaysTheSameAs(holder, home.Prefix)))
        {
            throw new LawBrokenException("5", "what a client was told to be stored is not where readers are pointed");
        }

        if (home.Orphans.Exists(stray => !home.Shared.Of(stray.Key).Contains(stray)))
        {
            throw new LawBrokenException("5", "an object was deleted that no receipt vouches for");
        }

        if (home.IsOurs && home.Target!.Under("").Any(entry => !entry.IsMarker && entry.KeyId != home.CloudKey.Arn))
        {
            throw new LawBrokenException("2", "an object stands under another key than the tenant's");
        }

        if (home.HoldsData
            && home.Uids.Exists(uid =>
                uid != home.Uid && world.Account.Find(DerivedNames.Bucket(home.Namespace, uid)) is not null))
        {
            throw new LawBrokenException("10", "a place was made anew beside the one that an earlier object left");
        }

        if (home is { IsGranted: true, IsImported: false })
        {
            throw new LawBrokenException("2", "a grant of the operator's stands on a tenant's own key");
        }

        if (home.Foreigners is { Count: > 0 } && home.HoldsData
            && home.Target is { IsDenied: false, MayLoseForeign: false }
            && home.Foreigners.Exists(one => home.Target.Foreign?.Contains(one, StringComparison.Ordinal) != true))
        {
            throw new LawBrokenException("6", "what was set aside in a bucket's policy was not put back");
        }

        if (home.Stranger is { } stranger && stranger != Fingerprint(home))
        {
            throw new LawBrokenException("6", "a stranger's bucket was touched");
        }

        home.FenceIsLiftedByHand &= home.Fence is null;
    }

    public static string? Fingerprint(Home home) =>
        home.Target is { } target
            ? $"{target.Owner} {target.IsDenied} {target.HasDrift} {target.KeyId} {target.Under("").Count()}" : null;

    private void WriteToSource(Home home, int key, int id, bool rough)
    {
        if (!home.IsServed && !home.WasServed)
        {
            Accept(home, home.Shared, key, id);
            return;
        }

        if (!rough || id < 0)
        {
            return; // in the calm nobody writes to the old place; a delete there takes nothing that counts
        }

        var store = world.People.Store(home);
        if (!home.FenceIsLiftedByHand && !home.IsRetired && !home.IsAnEarliers && store is not null
            && store["metadata"]!["deletionTimestamp"] is null)
        {
            throw new LawBrokenException("5",
                "a client with an old pointer was not refused before the source was retired");
        }

        var name = home.Prefix + key;
        if (!home.Shared.IsVersioned)
        {
            home.Orphans.RemoveAll(stray => stray.Key == name);
        }

        home.Orphans.Add(home.Shared.Write(new Entry(name, id, null, "", 0, world.Now)));
    }

    private void Accept(Home home, Bucket bucket, int key, int id)
    {
        var entry = new Entry(home.Prefix + key, id, null, bucket == home.Shared ? ""
            : home.CloudKey.Arn, bucket == home.Shared ? 0 : home.CloudKey.Material, world.Now);
        bucket.Write(entry);
        home.Acknowledged.Write(entry);
    }
}
