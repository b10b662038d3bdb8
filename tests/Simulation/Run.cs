using ByokOperator.Api;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using ByokOperator.Stores;

namespace Simulation;

/// <summary>
/// One seed. Half of the time everything goes wrong that can; then faults stop, people mend what only they can, and the
/// world must arrive. Each tick the laws are held against the truth.
/// </summary>
internal sealed class Run
{
    private const int FaultyTicks = 110;
    private const int CalmTicks = 800;
    private const int TicksAtRest = 4;

    /// <summary>Two clocks, the policy, the canary and the spec, and a look at rest.</summary>
    private const int MostActsOfAKey = 6;

    private readonly Rng rng;
    private readonly Truth truth = new();
    private readonly Operating operating;
    private readonly Living living;
    private readonly Mischief mischief;
    private readonly bool endsRevoked;

    public Run(int seed, Bug bug = Bug.None, Action<string>? tell = null)
    {
        rng = new Rng(seed);
        operating = new Operating(truth, rng, bug) { Tell = tell };
        living = new Living(truth, rng, bug);
        mischief = new Mischief(truth, rng, operating) { Tell = tell, Living = living };
        truth.IsVersioned = rng.Once(2);
        truth.TellsMaterial = rng.Once(2);
        truth.Quiesces = rng.Once(4);
        truth.HasShared = !rng.Once(8);
        truth.KeyExists = !rng.Once(8);
        truth.DeletionPolicy = rng.Once(3) ? DeletionPolicies.Delete : DeletionPolicies.Retain;
        truth.Ownership = rng.Once(24) ? TargetOwnership.Stranger : TargetOwnership.Absent;
        endsRevoked = rng.Once(5);
        living.Settle();
    }

    public Truth Truth => truth;

    public Operating Operator => operating;

    public Living Life => living;

    /// <summary>Throws <see cref="LawBrokenException"/>; returns the ticks it took.</summary>
    public int ToTheEnd()
    {
        for (var tick = 0; tick < FaultyTicks; tick++)
        {
            Tick(faults: true);
        }

        operating.ForgetLate();
        mischief.Mend(endsRevoked);
        for (var tick = 0; tick < CalmTicks; tick++)
        {
            Tick(faults: false);
            mischief.MendStrays();
            if (tick % 8 == 7 && HasArrived())
            {
                StayAtRest();
                return FaultyTicks + tick;
            }
        }

        throw new LawBrokenException("9", $"the world never arrived: {string.Join(", ", operating.Truly().Steps)}");
    }

    private void Tick(bool faults)
    {
        truth.Now += TimeSpan.FromSeconds(2);
        switch (rng.Next(faults ? 16 : 12))
        {
            case < 3: operating.ReconcileKey(faults); break;
            case < 8: operating.ReconcileStore(faults); break;
            case < 10: living.CopyJobs(faults); break;
            case < 12: living.Client(faults); break;
            case 12: operating.LandLate(); break;
            case 13: operating.Restart(); break;
            default: mischief.Happens(); break;
        }

        living.CheckLaws();
    }

    private bool HasArrived()
    {
        if (!truth.StoreExists)
        {
            return truth.Fence is null && truth.Jobs.Count == 0 && !truth.IsGranted && (!truth.KeyIsDeleting || truth.IsRetained || !truth.KeyExists);
        }

        if (truth.StoreIsDeleting)
        {
            return false;
        }

        if (endsRevoked)
        {
            operating.ReconcileKey(faults: false); // a process that was not told yet has nothing to say yet
            return truth.Binding is null && truth.Jobs.Count == 0 && truth.Running == 0 && !truth.IsGranted && (truth.Ownership is not TargetOwnership.Ours || truth.IsDenied)
                && !operating.Truly().Steps.Any(step => step is Step.Take); // and has said so
        }

        var plan = operating.Truly();
        return plan.Steps is [Step.Halt { Reason: "NameTaken" }]
            || (plan.Steps is [Step.Halt { Reason: "KeyBeingDeleted" }] && truth.KeyIsDeleting) // a key applied anew was not asked yet
            || (plan.Steps is [Step.Rest] && IsOpen());
    }

    private bool IsOpen() =>
        truth.Binding is not null && !truth.IsDenied && truth.IsGranted && truth.Running == Truth.Workloads && truth.Fence is null
        && (!truth.HasShared || (truth.Source.IsEmpty && truth.Served is not null));

    // Laws 8 and 12: at rest nothing is written, however often we look.
    private void StayAtRest()
    {
        // A key that no store waits for may still lack something: each act of it is taken once.
        var before = -1;
        for (var look = 0; look < MostActsOfAKey && operating.ActsTaken != before; look++)
        {
            before = operating.ActsTaken;
            operating.ReconcileKey(faults: false);
        }

        before = operating.ActsTaken;
        for (var look = 0; look < TicksAtRest; look++)
        {
            operating.ReconcileKey(faults: false);
            operating.ReconcileStore(faults: false);
        }

        if (operating.ActsTaken != before)
        {
            throw new LawBrokenException("8", "something was written at rest");
        }
    }
}
