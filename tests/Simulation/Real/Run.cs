using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using Simulation.Real.Bugs;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;
using Simulation.Real.Running;

namespace Simulation.Real;

/// <summary>
/// One seed. First everything goes wrong that can; then faults stop, people mend what only they can, and the world must
/// arrive. Each tick the laws are held against the truth.
/// </summary>
internal sealed class Run
{
    private const int RoughTicks = 80;
    private const int CalmTicks = 120;
    private const int LooksAtRest = 3;
    private const int WaitsOneIn = 11;

    private readonly Rng rng;
    private readonly World world;
    private readonly Conductor operating;
    private readonly Living living;
    private readonly CopyPods pods;
    private readonly Mischief mischief;
    private readonly bool endsRevoked;
    private readonly Restoring restoring;
    private readonly Importing? importing;

    public Run(int seed, Bug bug = Bug.None, Action<string>? tell = null)
    {
        rng = new Rng(seed);
        world = new World("acme", "acme2") { Settling = Importing.IsIn(seed) ? Importing.Settling
            : Cloud.Keys.IImportedKeys.Settling };
        importing = Importing.IsIn(seed) ? new Importing(world, seed) { Tell = tell } : null;
        var pump = new Pump(world.Time);
        SynchronizationContext.SetSynchronizationContext(null);
        var seeding = new Seeding(bug, world);
        world.IsWordUnheard = bug == Bug.BeginsWhatWasTakenBack;
        pods = new CopyPods(world, rng, seeding);
        living = new Living(world, rng);
        world.Homes[0].Shared.IsVersioned = rng.Once(2);
        foreach (var home in world.Homes)
        {
            home.Waits = seed % WaitsOneIn == 2; // not drawn: what other seeds do stays as it was
            Begin(home);
        }

        operating = new Conductor(world, rng, pump, seeding) { Tell = tell };
        mischief = new Mischief(world, rng, operating) { Tell = tell };
        endsRevoked = rng.Once(5);
        restoring = new Restoring(world, seed, operating) { Tell = tell };
    }

    /// <summary>Throws <see cref="LawBrokenException"/>; returns the ticks it took.</summary>
    public int ToTheEnd()
    {
        for (var tick = 0; tick < importing?.OpensFirst; tick++)
        {
            world.Homes.ForEach(Calm);
        }

        for (var tick = 0; tick < RoughTicks; tick++)
        {
            Rough();
            restoring.Tick(tick);
        }

        operating.ForgetLate();
        restoring.Fix();
        world.Homes.ForEach(home => mischief.Fix(home, endsRevoked));
        world.Homes.ForEach(home => importing?.Fix(home, endsRevoked));
        for (var tick = 0; tick < CalmTicks; tick++)
        {
            world.Homes.ForEach(Calm);
            if (world.Homes.TrueForAll(HasArrived))
            {
                StayAtRest();
                importing?.CheckArrival();
                return RoughTicks + tick;
            }
        }

        var late = world.Homes.First(home => !HasArrived(home));
        throw new LawBrokenException("9",
            $"{late.Namespace} never arrived: "
                + $"{string.Join(", ", operating.PlanOf(late)?.Steps ?? [])}{importing?.Describe(late)}");
    }

    private void Begin(Home home)
    {
        home.CloudKey.TellsMaterial = rng.Once(2);
        home.Quiesces = rng.Once(4);
        home.HasShared = !rng.Once(8);
        home.DeletionPolicy = rng.Once(3) ? DeletionPolicies.Delete : DeletionPolicies.Retain;
        importing?.Begin(home);
        world.People.ApplyWorkload(home);
        if (!rng.Once(8))
        {
            world.People.ApplyKey(home);
        }

        world.People.ApplyStore(home);
        world.People.Give(home);
        if (rng.Once(24))
        {
            world.Account.Add(new Bucket(home.TargetName) { Owner = "somebody" });
            home.Stranger = Living.Fingerprint(home);
        }

        importing?.Began(home);
        living.Settle(home);
    }

    private void Rough()
    {
        world.Time.Advance(TimeSpan.FromSeconds(2));
        var home = world.Homes[rng.Once(3) ? 1 : 0];
        switch (rng.Next(16))
        {
            case < 3: operating.ReconcileKey(home, rough: true); break;
            case < 8: operating.ReconcileStore(home, rough: true); break;
            case < 10: pods.GetOn(isRough: true); break;
            case < 12: living.Client(home, rough: true); break;
            case 12: operating.LandLate(); break;
            case 13: operating.Restart(); break;
            default: mischief.Happens(home); break;
        }

        world.Homes.ForEach(mischief.Remember);
        living.CheckLaws();
        var once = importing?.Rough();
        operating.ForgetVersions();
        if (once is not null)
        {
            operating.ReconcileKey(once, rough: true);
        }

        world.Time.DemandOneThread();
    }

    private void Calm(Home home)
    {
        world.Time.Advance(TimeSpan.FromSeconds(2));
        operating.ReconcileKey(home, rough: false);
        operating.ReconcileStore(home, rough: false);
        pods.GetOn(isRough: false);
        living.Client(home, rough: false);
        Mischief.MendStrays(home);
        living.CheckLaws();
        importing?.Calm();
        operating.ForgetVersions();
        world.Time.DemandOneThread();
    }

    private bool HasArrived(Home home) =>
        importing?.HasArrived(home, endsRevoked, operating.KeyPlanOf(home)) != false && IsAtItsEnd(home);

    private bool IsAtItsEnd(Home home)
    {
        var people = world.People;
        if (people.Store(home) is not { } store)
        {
            return home.Fence is null && people.Jobs(home).Count == 0 && !home.IsGranted
                && (people.Key(home)?["metadata"]!["deletionTimestamp"] is null || home.IsOurs);
        }

        if (store["metadata"]!["deletionTimestamp"] is not null)
        {
            return false;
        }

        var steps = operating.PlanOf(home)?.Steps ?? [];
        return endsRevoked
            ? people.Binding(home) is null && people.Jobs(home).Count == 0 && people.Running(home) == 0
                && !home.IsGranted && (!home.IsOurs || home.Target!.IsDenied)
                && !steps.Any(step => step is Step.Take)
            : home is { IsAnEarliers: true, Consents: false } ? steps is [Step.Halt { Reason: Takeover.Needed }]
                && people.Binding(home) is null
            : home.IsAnEarliers && steps is [Step.Wait { Reason: "KeyNotProved" }]
                && people.Key(home)?["metadata"]!["deletionTimestamp"] is not null ? true
            : home.IsImported && steps is [Step.Wait { Reason: "KeyPendingImport" }]
                && people.Key(home)?["metadata"]!["deletionTimestamp"] is not null ? people.Binding(home) is null
            : steps is [Step.Halt { Reason: "NameTaken" or "KeyBeingDeleted" }]
                || (home.KeyWasForced && steps is [Step.Halt { Reason: "KeyReplaced" }])
                || (steps is [Step.Rest] && IsOpen(home));
    }

    private bool IsOpen(Home home) =>
        world.People.Binding(home) is not null && home.IsGranted == home.IsImported && home.IsOurs
            && !home.Target!.IsDenied && world.People.Running(home) > 0 && home.Fence is null
        && (!home.HasShared || (!home.Shared.HasAnyUnder(home.Prefix) && home.IsServed));

    // Laws 8 and 12: at rest nothing is written, however often we look.
    private void StayAtRest()
    {
        world.Homes.ForEach(Look); // clocks may still have to be stopped
        world.Homes.ForEach(Look);
        var before = (operating.ActsTaken, world.Server.Store.Version);
        for (var look = 0; look < LooksAtRest; look++)
        {
            world.Homes.ForEach(Look);
        }

        if (before != (operating.ActsTaken, world.Server.Store.Version))
        {
            throw new LawBrokenException("8", "something was written at rest");
        }
    }

    private void Look(Home home)
    {
        operating.ReconcileKey(home, rough: false);
        operating.ReconcileStore(home, rough: false);
    }
}
