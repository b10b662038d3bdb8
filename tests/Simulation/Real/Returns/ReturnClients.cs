using Simulation.Real.Clouds;

namespace Simulation.Real.Returns;

/// <summary>
/// Clients of a store whose data goes back: they write where their binding led when they last read it, some of them
/// long ago; and others, who write under the prefix of the shared place what is none of the tenant's. And the laws
/// about what they wrote.
/// </summary>
internal sealed class ReturnClients(World world, Rng rng)
{
    private const int MostVersions = 14;
    private const int OldPointerOneIn = 5;

    /// <summary>Written straight to the shared place, by whomever: what a copy brings is of another time.</summary>
    private readonly HashSet<(int Id, DateTimeOffset At)> written = [];

    private readonly List<Entry> theirs = [];
    private readonly List<Entry> loose = [];
    private readonly List<Entry> orphans = [];
    private int nextId = 1;

    private Home Store => world.Homes[0];

    private Bucket Shared => Store.Shared;

    /// <summary>Where readers belong: in the shared place, and not in the store.</summary>
    public bool IsBack { get; private set; } = true;

    /// <summary>A person took the store's fence away: what comes late there is that person's doing.</summary>
    public bool FenceIsLiftedByHand { get; set; }

    /// <summary>What others wrote under the prefix of the shared place stands there.</summary>
    public bool IsSharedTaken => theirs.Count > 0;

    /// <summary>Something stands in the store that its return does not take along,
    /// because it came late or lies beside.</summary>
    public bool HasStrays => orphans.Count > 0;

    private string Prefix => Store.Prefix;

    /// <summary>Before there is a store.</summary>
    public void Settle(bool keepsVersions)
    {
        Shared.IsVersioned = Store.Acknowledged.IsVersioned = keepsVersions;
        WriteAll();
    }

    /// <summary>Each object, where readers belong.</summary>
    public void WriteAll()
    {
        for (var key = 0; key < Home.Objects; key++)
        {
            Write(IsBack, $"{Prefix}{key}", nextId++);
        }
    }

    /// <summary>One of them writes or deletes.</summary>
    public void GetOn(bool isRough)
    {
        var (key, id) = (rng.Next(Home.Objects), rng.Once(4) ? -nextId++ : nextId++);
        var isOld = isRough && rng.Once(OldPointerOneIn);
        var toShared = world.People.Binding(Store) is null ? (bool?)null : world.People.LeadsToShared(Store);
        if (Store.Acknowledged.Under("").Count() < MostVersions && (isOld ? rng.Once(2) : toShared) is { } shared
            && (isOld || world.People.Running(Store) > 0))
        {
            Write(shared, $"{Prefix}{key}", id);
        }
    }

    /// <summary>Whoever follows a binding of long ago into the store.</summary>
    public void WriteWithOldPointer() => Write(toShared: false, $"{Prefix}0", nextId++);

    /// <summary>Somebody writes under the prefix of the shared place what is none of the tenant's;
    /// refused while that is held.</summary>
    public bool Intrude(int key)
    {
        if (IsBack || Store.IsFenced || Shared.Of($"{Prefix}{key}").Any(theirs.Contains))
        {
            return false;
        }

        Write(toShared: true, $"{Prefix}{key}", nextId++);
        return true;
    }

    /// <summary>Somebody puts an object into the store, beside the prefix that it was moved with.</summary>
    public void PutBeside()
    {
        if (Store is { IsOurs: true, Target: { KeyId: { } key, IsDenied: false } target } && !HasStrays)
        {
            var material = world.Account.Keys[key].Material;
            orphans.Add(target.Write(new Entry("elsewhere/0", nextId++, null, key, material, world.Now)));
        }
    }

    /// <summary>Whoever it belongs to takes it away again.</summary>
    public void TakeAway()
    {
        theirs.ForEach(Shared.Remove);
        loose.ForEach(Shared.Remove);
        orphans.ForEach(stray => Store.Target?.Remove(stray));
        theirs.Clear();
        loose.Clear();
        orphans.Clear();
    }

    /// <summary>What stands in the shared place and was brought there by a copy.</summary>
    public IEnumerable<Entry> Brought => Shared.Under(Prefix).Where(entry => !entry.IsMarker && !IsWritten(entry));

    /// <summary>Anything of a return's stands there.</summary>
    public bool IsAnythingBrought => Shared.Under(Prefix).Any(entry => !IsWritten(entry));

    /// <summary>
    /// Law 5: each version that a client was told to be stored stands where readers belong, and none besides. And law
    /// 6: what is somebody else's stands where he put it.
    /// </summary>
    public void Check()
    {
        Follow();
        var holder = IsBack ? Shared : Store.Target;
        if (!(holder is null ? Store.Acknowledged.IsEmpty : Store.Acknowledged.SaysTheSameAs(holder, Prefix)))
        {
            throw new LawBrokenException(
                "5",
                $"what a client was told to be stored is not in the {(IsBack ? "shared place" : "store")}, where "
                    + $"readers belong");
        }

        if (theirs.Find(one => !Shared.Of(one.Key).Contains(one)) is { } lost)
        {
            throw new LawBrokenException("6", $"{lost.Key} was somebody else's in the shared place, and is gone");
        }

        if (orphans.Find(one => Store.Target?.Of(one.Key).Contains(one) != true) is { } stray)
        {
            throw new LawBrokenException("5",
                $"{stray.Key} was written to the store late or beside the rest, and is gone");
        }
    }

    /// <summary>Readers are on the shared place once they were switched,
    /// and in the store once they were switched there.</summary>
    private void Follow()
    {
        IsBack = world.People.LeadsToShared(Store) || (IsLeft && !IsHeld) || (IsBack && !Store.IsServed);
        FenceIsLiftedByHand &= Store.Target is { Fences.Count: 0 };
    }

    private bool IsWritten(Entry entry) => written.Contains((entry.Id, entry.At));

    /// <summary>Its return says that readers were switched.</summary>
    private bool IsLeft => world.People.StoreRecord(Store)?["return"]?["servedAt"] is not null;

    private bool IsHeld => Shared.Fences.ContainsKey(ReturnStage.HoldOf(Store));

    private void Write(bool toShared, string key, int id)
    {
        if (toShared ? Store.IsFenced : !MayWrite(Store.Target))
        {
            return;
        }

        var bucket = toShared ? Shared : Store.Target!;
        var under = toShared ? Shared.Default!.KeyId : bucket.KeyId;
        var entry =
            new Entry(key, id, null, under ?? "", under is null ? 0 : world.Account.Keys[under].Material, world.Now);
        if (toShared != IsBack)
        {
            Stray(bucket, entry, toShared);
            return;
        }

        bucket.Write(entry);
        Store.Acknowledged.Write(entry);
        if (toShared)
        {
            written.Add((id, entry.At));
        }
    }

    /// <summary>Nobody reads it there.</summary>
    private void Stray(Bucket bucket, Entry entry, bool toShared)
    {
        if (!toShared && !IsLeft)
        {
            return; // nobody was ever pointed to a store that is made anew, and is not served yet
        }

        if (!toShared && !FenceIsLiftedByHand)
        {
            throw new LawBrokenException("5", "a client with an old pointer was not refused before the store was gone");
        }

        if (entry.IsMarker)
        {
            return;
        }

        // Whoever takes the hold away while copies write there, or writes by that, gets in their way.
        var isLoose = toShared && world.People.Jobs(Store)
            .Any(job => ReturnLaws.IsOfReturn(job) && job["status"]?["conditions"] is null);
        var where = isLoose ? loose : toShared ? theirs : orphans;
        if (!bucket.IsVersioned)
        {
            where.RemoveAll(one => one.Key == entry.Key);
        }

        where.Add(bucket.Write(entry));
        written.Add((entry.Id, entry.At));
    }

    private bool MayWrite(Bucket? target) =>
        target is { IsDenied: false, KeyId: { } key } && Store.IsOurs && Store.PinnedMaterial != 0
            && world.Account.Keys[key].Works(Store.PinnedMaterial)
            && !target.Fences.Values.Any(fence => Prefix.StartsWith(fence.Prefix, StringComparison.Ordinal));
}
