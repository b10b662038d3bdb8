using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Operators;

namespace Simulation.Real;

/// <summary>
/// A cluster that was lost comes back from a backup of its objects: the same names, other UIDs, once in some seeds; and
/// what the platform says to that. Draws by itself, so that a seed in which
/// it does not happen tells what it told without it.
/// </summary>
internal sealed class Restoring
{
    private const int OneIn = 4;
    private const int Earliest = 20;
    private const int Latest = 75;
    private const int ConsentOneIn = 10;

    private readonly World world;
    private readonly Conductor operating;
    private readonly Rng rng;
    private readonly int at;
    private readonly bool endsWithoutConsent;

    public Restoring(World world, int seed, Conductor operating)
    {
        (this.world, this.operating) = (world, operating);
        rng = new Rng(~seed);
        at = rng.Once(OneIn) ? Earliest + rng.Next(Latest - Earliest) : -1;
        endsWithoutConsent = rng.Once(4);
    }

    public Action<string>? Tell { get; init; }

    public void Tick(int tick)
    {
        if (at < 0 || tick < at)
        {
            return;
        }

        if (tick == at)
        {
            world.Homes.ForEach(Restore);
        }
        else if (rng.Once(ConsentOneIn))
        {
            world.Homes.ForEach(Consent);
        }
    }

    /// <summary>In the end the platform says so, or never does.</summary>
    public void Fix()
    {
        if (!endsWithoutConsent)
        {
            world.Homes.ForEach(Consent);
        }
    }

    /// <summary>The objects of a home whose store is not going anyway, as they were applied.</summary>
    public void Restore(Home home)
    {
        if (!home.HoldsData || world.People.Store(home) is not { } store
            || store["metadata"]!["deletionTimestamp"] is not null)
        {
            return;
        }

        world.People.DeleteByForce<EncryptedStore>(home.Store);
        if (world.People.Key(home) is not null)
        {
            world.People.DeleteKeyByForce(home);
        }

        home.KeyWasForced = home.PinnedMaterial != 0;
        home.IsDeletionConfirmed = false;
        world.People.DeleteByForce<Deployment>(new ObjectKey(home.Namespace, Kubernetes.People.Workload));
        world.People.ApplyWorkload(home);
        world.People.ApplyKey(home);
        world.People.ApplyStore(home);
        operating.KnownOf(home).Replaced();
        Tell?.Invoke($"-- {home.Namespace}: a backup is restored: the same names, other UIDs");
    }

    /// <summary>To take back what the earlier object left.</summary>
    public void Consent(Home home)
    {
        if (home.IsAnEarliers && !home.Consents)
        {
            home.Consents = true;
            if (home.IsGiven)
            {
                world.People.Give(home);
            }

            Tell?.Invoke($"-- {home.Namespace}: the platform consents to take back what {home.Uid} left");
        }
    }
}
