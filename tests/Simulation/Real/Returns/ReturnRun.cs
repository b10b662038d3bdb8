using System.Globalization;
using ByokOperator.Api;
using ByokOperator.Reconciling;

namespace Simulation.Real.Returns;

/// <summary>
/// One seed of a store whose data goes back. First everything goes wrong that can; then faults stop, and it must be out
/// of its store, or in it, as was said last. Each tick the laws are held against the truth.
/// </summary>
internal sealed class ReturnRun
{
    private const int RoughTicks = 160;
    private const int CalmTicks = 200;
    private const int LooksAtRest = 3;
    private const int AfterTheEnd = 4;

    /// <summary>A sentence for people was there for so long before they do what it says.</summary>
    private const int Patience = 3;

    private readonly Rng rng;
    private readonly ReturnStage stage;
    private readonly ReturnMischief mischief;
    private readonly bool leaves;
    private int halted;
    private Step? last;

    /// <param name="seed">Says what happens.</param>
    /// <param name="bug">Seeded.</param>
    /// <param name="tell">Hears the story.</param>
    /// <param name="isByDeletion">The store is deleted with the policy that sends its data back.</param>
    public ReturnRun(int seed, Bug bug = Bug.None, Action<string>? tell = null, bool isByDeletion = false)
    {
        rng = new Rng(seed ^ 0x6261636B);
        var (keepsVersions, quiesces, waits) = (rng.Once(2), rng.Once(4), rng.Once(6));
        stage = new ReturnStage(
            rng, bug, keepsVersions, tell,
            one => (one.Store.Quiesces, one.Store.Waits, one.IsByDeletion) = (quiesces, waits, isByDeletion));
        mischief = new ReturnMischief(stage, rng) { Tell = tell };
        leaves = !rng.Once(3);
    }

    /// <summary>Throws <see cref="LawBrokenException"/>; returns the ticks it took.</summary>
    public int ToTheEnd()
    {
        stage.Open();
        if (rng.Once(2))
        {
            stage.Leave();
        }

        for (var tick = 0; tick < RoughTicks; tick++)
        {
            Rough();
        }

        stage.Operator.ForgetLate();
        mischief.Fix();
        Want();
        for (var tick = 0; tick < CalmTicks; tick++)
        {
            stage.Turns(1);
            stage.Clients.GetOn(isRough: false);
            stage.Check();
            if (HasArrived)
            {
                StayAtRest();
                return RoughTicks + tick;
            }

            if (IsAnybodysGuess)
            {
                return RoughTicks + tick;
            }

            Heed();
        }

        throw new LawBrokenException("9", $"the data never came {(leaves ? "back" : "in")}: {stage.Where}");
    }

    private bool HasArrived => IsObjectGone
        // whoever says it late finds the data where it was
        ? stage.IsGone || (stage.IsRetained && stage.WasRetainSaid)
        : stage.IsByDeletion && (leaves || stage.World.People.IsDeleting(stage.Store)) ? false
        : leaves ? stage.IsOut : stage.IsIn;

    /// <summary>With the record somebody took away what was known of a return; the data is where it was.</summary>
    private bool IsAnybodysGuess =>
        IsObjectGone && stage.WasRecordLost && stage.World.People.Jobs(stage.Store).Count == 0;

    private bool IsObjectGone => stage.World.People.Store(stage.Store) is null;

    private void Want()
    {
        if (leaves)
        {
            stage.Leave();
        }
        else if (stage.World.People.IsDeleting(stage.Store))
        {
            stage.Settle(ByokOperator.Api.DeletionPolicies.Retain);
        }
        else
        {
            stage.Name(stage.Store.Key.Name);
        }
    }

    /// <summary>Whoever reads what a store that stands still waits for, does that.</summary>
    private void Heed()
    {
        (halted, last) =
            (stage.Step is Step.Halt || (stage.Step is Step.Take && stage.Step == last) ? halted + 1 : 0, stage.Step);
        if (halted < Patience)
        {
            return;
        }

        if (stage.Step is not Step.Halt halt)
        {
            stage.Clients.TakeAway(); // an act that is refused again and again says why in the condition
            return;
        }

        halted = 0;
        switch (halt.Reason)
        {
            case "SharedPlaceNotHeld": // it says so: set spec.keyRef back, empty the prefix, and begin anew
                TakeBack();
                stage.Clients.TakeAway();
                stage.Turns(Patience * 2);
                stage.EmptyShared();
                stage.Until(() => stage.Return is null || stage.Clients.IsBack);
                Want();
                break;
            case "SharedPlaceNotEmpty" or "WrittenToStore" or "WrittenOutsidePrefix" or "WrittenToSource":
                stage.Clients.TakeAway();
                break;
            case "Deviations": // of a report that is not due again for long
                stage.World.People.Annotate(
                    stage.Store, Labels.ReportAt,
                    stage.World.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                break;
            case "CopyFails" or "CopyRefused":
                stage.Clients.TakeAway();
                mischief.EndFailedJobs();
                break;
            default:
                break;
        }
    }

    /// <summary>Of a store that is being deleted the consent alone can be given once more.</summary>
    private void TakeBack()
    {
        if (stage.World.People.IsDeleting(stage.Store))
        {
            stage.Annotate(null);
        }
        else
        {
            stage.Name(stage.Store.Key.Name);
        }
    }

    private void Rough()
    {
        stage.Pass();
        switch (rng.Next(16))
        {
            case < 3: stage.Operator.ReconcileKey(stage.Store, rough: true); break;
            case < 8: stage.Operator.ReconcileStore(stage.Store, rough: true); break;
            case < 10: stage.Pods.GetOn(isRough: true); break;
            case < 12: stage.Clients.GetOn(isRough: true); break;
            case 12: stage.Operator.LandLate(); break;
            case 13 when rng.Once(2): stage.Operator.Restart(); break;
            default: mischief.Happens(); break;
        }

        stage.Check();
    }

    // Law 8: at rest nothing is written, however often we look. And of a store that was left nothing is any key's.
    private void StayAtRest()
    {
        stage.Turns(2, withPods: false); // clocks may still have to be stopped
        var before = (stage.Operator.ActsTaken, stage.World.Server.Store.Version);
        stage.Turns(LooksAtRest, withPods: false);
        if (before != (stage.Operator.ActsTaken, stage.World.Server.Store.Version))
        {
            throw new LawBrokenException("8", "something was written at rest");
        }

        if (leaves && !(IsObjectGone && !stage.IsGone))
        {
            LetTheKeyGo();
        }
    }

    private void LetTheKeyGo()
    {
        stage.Store.CloudKey.IsDisabled = true;
        stage.Turns(AfterTheEnd, withPods: false);
        stage.World.People.Delete<ByokOperator.Api.TenantEncryptionKey>(stage.Store.Key);
        stage.Turns(AfterTheEnd, withPods: false);
        if (!(stage.IsByDeletion ? stage.IsGone : stage.IsOut && stage.World.People.Running(stage.Store) > 0)
            || stage.World.People.Key(stage.Store) is not null)
        {
            throw new LawBrokenException("7", $"data that went back hangs on its tenant's key still: {stage.Where}");
        }
    }
}
