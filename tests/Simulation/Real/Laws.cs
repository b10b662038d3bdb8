using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;

namespace Simulation.Real;

/// <summary>The laws about keys and closing, held against how things really are.</summary>
internal class Laws(World world)
{
    protected World World => world;

    /// <summary>Law 1, from here on: this process knows, or the key is gone by force while its data stands.</summary>
    public virtual bool MustClose(Home home, Learned known) => IsFollowed(home) &&
        (known.IsSurelyRevoked(world.People.CanaryMaterial(home)) || (home.IsOurs && world.People.Key(home) is null));

    /// <summary>What could be seen and was not lost on the way is closed, now, whatever else failed.</summary>
    public void CheckClosed(Home home, Turn turn)
    {
        if (turn.Behind.Overlaps(["encryptedstores", "tenantencryptionkeys", "configmaps"]))
        {
            return; // what it saw was another time
        }

        Demand("BindingRemoved", !LeadsIn(home), turn.Missed("RemoveBinding", Domain.Cluster));
        Demand("TargetDenied", !home.HoldsData
            || home.Target!.IsDenied, turn.Missed("DenyTarget", Domain.Cluster, Domain.Buckets) || !CanDeny(home));
        Demand("OtherBucketDenied", home.Others.All(bucket => bucket.IsDenied),
            turn.Missed("DenyOther", Domain.Cluster, Domain.Buckets) || !world.People.IsPlaceRecorded(home));
        Demand("CopyJobsGone", world.People.Jobs(home).Count == 0, turn.Missed("StopCopies", Domain.Cluster)
            || turn.Behind.Contains("jobs"));
        Demand("WorkloadsSuspended", world.People.Running(home) == 0
            || world.People.Store(home) is null, turn.Missed("SuspendWorkloads", Domain.Cluster));
        Demand("GrantsRevoked", !home.IsGranted, turn.Missed("RevokeGrant", Domain.Cluster, Domain.Kms)
            || home.CloudKey.IsUnreachable);
    }

    /// <summary>What nobody can close is told to people.</summary>
    public void CheckAlert(Home home, Turn turn)
    {
        if (turn.IsClean && home is { HoldsData: true, Target.IsDenied: false } && !CanDeny(home)
            && world.People.Store(home) is not null && !world.People.IsStalled(home))
        {
            throw new LawBrokenException("1", "a store can't be closed, and nobody is told");
        }
    }

    /// <summary>Of a store whose data went back, and which is nowhere any more,
    /// nothing is left that a key could close.</summary>
    protected bool IsFollowed(Home home) =>
        home.Target is null && world.People.LeadsToShared(home) ? false
            : world.People.Store(home) is not null || world.People.IsPlaceRecorded(home);

    /// <summary>The cloud takes the denial from this operator: a lost tag is made up for by the place on record,
    /// another's is not.</summary>
    private bool CanDeny(Home home) => IsToldWhere(home) && home.Target is { RefusesDenial: false } target
        && (target.Owner == target.RightOwner && !target.IsForbidden ? true
            : (target.IsForbidden || target.Owner is null) && world.People.IsPlaceRecorded(home));

    /// <summary>A bucket is called after the tenant: the platform says who that is,
    /// or a record that the operator can trust.</summary>
    private bool IsToldWhere(Home home) =>
        home.IsGiven || world.People.IsPlaceRecorded(home) || world.People.CanaryMaterial(home) is not null;

    /// <summary>A binding that leads to the shared place is no way into the store.</summary>
    private bool LeadsIn(Home home) => world.People.Binding(home) is not null && !world.People.LeadsToShared(home);

    /// <summary>Never "Closed" while somebody can get in, as far as it could be said.</summary>
    public virtual void CheckWords(Home home, Turn turn)
    {
        if (turn.IsBroken || turn.Struck.Contains(Domain.Cluster) || turn.Struck.Contains(Domain.Buckets)
            || turn.Behind.Count > 0 || world.People.Availability(home) != StoreVerdict.Closed)
        {
            return;
        }

        var way = LeadsIn(home) ? "its binding" : home.HoldsData && !home.Target!.IsDenied ? "its bucket"
            : home.Others.Any(bucket => !bucket.IsDenied) ? "its other bucket"
            : world.People.Jobs(home).Count > 0 ? "its copies" : null;
        if (way is not null)
        {
            throw new LawBrokenException("9", $"the store is called Closed while {way} stands open");
        }
    }

    /// <summary>"Done" may be late, and never false.</summary>
    public void CheckRest(Home home, Turn turn)
    {
        if (turn is { IsClean: true, Chose: { Name: StorePlan.Wanted, Steps: [Step.Rest] } }
            && !(world.People.Binding(home) is not null && home is { IsOurs: true, Target.IsDenied: false }))
        {
            throw new LawBrokenException("9", "a store is said to be at rest, and is not open");
        }
    }

    /// <summary>Law 3: what proved itself a moment ago closes nothing.</summary>
    public virtual void CheckChoice(Home home, Plan<StoreWorld> plan, StoreWorld seen, Learned known)
    {
        if (seen.IsRecordedOnly && home.Uids.Count > 1)
        {
            return; // its key is another object than the one that was asked
        }

        if (plan.Name == StorePlan.Closing && !IsAnotherToWhoeverCannotTell(home, seen)
            && known.IsSurelyUsable(world.People.CanaryMaterial(home))
            && StoreVerdict.MustClose(seen) is not { Reason: "StoreUnseenTooLong" })
        {
            throw new LawBrokenException("3",
                $"a store was being closed ({StoreVerdict.MustClose(seen)?.Reason}) though the key had proved itself "
                    + "within maxStaleness");
        }
    }

    /// <summary>Laws 1, 4 and 12, where an act would break them.</summary>
    public virtual void Acted(Home home, Openness before, Learned known)
    {
        Pin(home);
        CheckTakenBack(home, before);
        if (before.Canary is { } canary && world.People.CanaryMaterial(home) is { } now && now != canary)
        {
            throw new LawBrokenException("4", "a canary was overwritten by that of another key");
        }

        if (!home.IsGiven && before.Began(Openness.Of(home, world)) is { } begun)
        {
            throw new LawBrokenException("12", $"{begun} was begun that the platform does not give");
        }

        if (before.Opened(Openness.Of(home, world)) is not { } opened
            || (home.PinnedMaterial == 0 && opened == "the workloads"))
        {
            return;
        }

        if (known.IsRevokedByTenant || home.CloudKey.IsOff)
        {
            throw new LawBrokenException("1", $"{opened} was opened while the key is revoked");
        }

        if (home.PinnedMaterial != 0 && !home.CloudKey.Opens(home.PinnedMaterial))
        {
            throw new LawBrokenException("4", $"{opened} was opened on another key");
        }
    }

    /// <summary>Law 10: by consent and proof, and not opened before.</summary>
    private void CheckTakenBack(Home home, Openness before)
    {
        if (home.Uids.Count == 1)
        {
            return;
        }

        var after = Openness.Of(home, world);
        if (home.IsAnEarliers && before.Opened(after) is { } opened && opened != "the workloads")
        {
            throw new LawBrokenException("10", $"{opened} was opened before the place was taken back");
        }

        if (before.RightOwner is { } former && home.Target?.RightOwner is { } owner && owner != former
            && !(home.Consents && home.IsGiven
                && (home.PinnedMaterial == 0 || home.CloudKey.Works(home.PinnedMaterial))))
        {
            throw new LawBrokenException("10", "a place was taken back without consent, or without proof");
        }
    }

    public virtual void KeyLetGo(Home home)
    {
        if (home.IsOurs && !home.KeyWasForced)
        {
            throw new LawBrokenException("7", "a key was let go while data stands under it");
        }
    }

    /// <summary>A key object that was taken away by force and applied anew proves
    /// another canary than the one that the data was put under.</summary>
    private static bool IsAnotherToWhoeverCannotTell(Home home, StoreWorld seen) =>
        (home.KeyWasForced || home.CanaryWasDeleted) && !home.CloudKey.TellsMaterial
            && StoreVerdict.MustClose(seen) is { Reason: "KeyReplaced" };

    protected void Pin(Home home)
    {
        if (home.Target is not { } target)
        {
            (home.PinnedMaterial, home.PinnedKey) = (0, null);
        }
        else if (home.PinnedMaterial == 0 && target.Of(".byok/pin.json") is [.., { IsMarker: false } pin])
        {
            home.PinnedMaterial = pin.Material;
            home.PinnedKey = home.IsImported ? world.Account.Keys[pin.KeyId] : null;
        }
    }

    private static void Demand(string rung, bool holds, bool isExcused)
    {
        if (!holds && !isExcused)
        {
            throw new LawBrokenException("1", $"the key is revoked and known to be, and yet: not {rung}");
        }
    }
}
