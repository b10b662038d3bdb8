using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using ByokOperator.Stores;

namespace Simulation;

/// <summary>The operator as the simulation runs it: the real ladders, a memory that restarts lose, and acts that get lost.</summary>
internal sealed class Operating
{
    private readonly Truth truth;
    private readonly Rng rng;
    private readonly Bug bug;
    private readonly Observing observing;
    private readonly PerformingKey keys;
    private readonly PerformingStore stores;
    private readonly PerformingMigration migrations;
    private readonly List<Act> late = [];
    private KeyStanding? board;
    private int storedPhase;

    public Operating(Truth truth, Rng rng, Bug bug)
    {
        this.truth = truth;
        this.rng = rng;
        this.bug = bug;
        observing = new Observing(truth, rng, bug);
        keys = new PerformingKey(truth, bug);
        stores = new PerformingStore(truth, bug);
        migrations = new PerformingMigration(truth, bug, stores);
    }

    public Action<string>? Tell { get; init; }

    public int ActsTaken { get; private set; }

    /// <summary>What this process learned of the key, to hold closing against.</summary>
    public Knowledge Known { get; private set; } = new();

    /// <summary>A new leader, or the same one after a crash: it remembers nothing.</summary>
    public void Restart()
    {
        board = null;
        Known = new Knowledge { UnknownMarkedAt = Known.UnknownMarkedAt };
        if (bug is Bug.ClockForgottenAtRestart)
        {
            truth.UnknownSince = null;
        }
    }

    public void ReconcileKey(bool faults)
    {
        if (!truth.KeyExists)
        {
            board = null;
            Known = new Knowledge();
            return;
        }

        var world = observing.Key(faults);
        board = KeyStanding.Of(world, board);
        var plan = KeyLadder.Choose(world);
        Perform("key", plan.Steps, faults);
        Known.Probed(truth, observing.KeyWasSeen);
    }

    public void ReconcileStore(bool faults)
    {
        if (!truth.StoreExists)
        {
            return;
        }

        var world = observing.Store(board, faults);
        var unseen = observing.Unseen.ToList();
        var plan = Choose(world);
        if (plan.Name == StorePlan.Closing && Known.IsSurelyUsable(truth))
        {
            throw new LawBrokenException("3", "a store was being closed though the key had proved itself within maxStaleness");
        }

        CheckWords(plan);
        var mustClose = Known.IsSurelyRevoked(truth) || (!truth.KeyExists && truth.Ownership is TargetOwnership.Ours && !unseen.Contains("TargetDenied") && !unseen.Contains("key"));
        unseen.AddRange(Perform(plan.Name, plan.Steps, faults));
        if (mustClose && truth.StoreExists)
        {
            CheckClosed(unseen);
        }
    }

    /// <summary>A deposed leader's request finally lands, long after it was decided.</summary>
    public void LandLate()
    {
        if (late.Count > 0)
        {
            var index = rng.Next(late.Count);
            var act = late[index];
            late.RemoveAt(index);
            Land(act);
        }
    }

    /// <summary>An act of a process that does not lead any more; whether it takes effect is up to its precondition.</summary>
    public void Land(Act act)
    {
        Tell?.Invoke($"late: {Words(act)}");
        Perform(act);
    }

    public void ForgetLate() => late.Clear();

    /// <summary>What would be planned if everything could be seen.</summary>
    public Plan<StoreWorld> Truly() => Choose(observing.Store(board, faults: false));

    private Plan<StoreWorld> Choose(StoreWorld world) => Bugs.Choose(bug, world, StoredPhase);

    private List<string> Perform(string plan, IReadOnlyList<Step> steps, bool faults)
    {
        var lost = new List<string>();
        foreach (var step in steps)
        {
            Tell?.Invoke($"{plan}: {Words(step)}");
            if (step is not Step.Take take)
            {
                if (bug is Bug.ClosingStopsAtFirstFailure)
                {
                    break;
                }

                continue;
            }

            if (!TryPerform(take.Act, faults))
            {
                lost.Add(take.Rung);
                if (bug is Bug.ClosingStopsAtFirstFailure)
                {
                    break;
                }
            }
        }

        return lost;
    }

    private bool TryPerform(Act act, bool faults)
    {
        ActsTaken++;
        switch (faults ? rng.Next(10) : 9)
        {
            case 0: return false; // crashed before the effect
            case 1:
                // The leadership fence refuses most of what destroys; the rest passed it just before the pause.
                if (!act.IsDestructive || rng.Once(3))
                {
                    late.Add(act);
                }

                return false;
            case 2:
                Perform(act); // crashed after the effect, retried
                Perform(act);
                return true;
            default:
                Perform(act);
                return true;
        }
    }

    private void Perform(Act act)
    {
        switch (act)
        {
            case KeyAct key:
                keys.Perform(key);
                Known.UnknownMarkedAt = truth.UnknownSince is null ? null : Known.UnknownMarkedAt; // the law counts from the clock on record
                break;
            case StoreAct store: stores.Perform(store); break;
            case MigrationAct migration: migrations.Perform(migration); break;
            default: throw new System.Diagnostics.UnreachableException(act.ToString());
        }
    }

    // Law 1, once this process knows: what could be seen and was not lost on the way is closed, now, whatever else failed.
    private void CheckClosed(List<string> unseen)
    {
        Demand("BindingRemoved", truth.Binding is null);
        Demand("TargetDenied", truth.Ownership is not TargetOwnership.Ours || truth.IsDenied);
        Demand("CopyJobsGone", truth.Jobs.Count == 0);
        Demand("WorkloadsSuspended", truth.Running == 0);
        Demand("GrantsRevoked", !truth.IsGranted);

        void Demand(string rung, bool holds)
        {
            if (!holds && !unseen.Contains(rung))
            {
                throw new LawBrokenException("1", $"the key is revoked and known to be, and yet: not {rung}");
            }
        }
    }

    // Conditions are for people: "done" and "a person must act" may be late, never false. That a closed store has a report
    // to write besides takes nothing back of why it is closed.
    private void CheckWords(Plan<StoreWorld> plan)
    {
        if (plan.Steps is [Step.Halt or Step.Rest] && Truly() is var truly && truly.Name == plan.Name && truly.Steps[0].GetType() != plan.Steps[0].GetType()
            && !(plan.Name == StorePlan.Closing && truly.Steps is [Step.Take { Act: StoreAct.WriteReport }]))
        {
            throw new LawBrokenException("9", $"announced {plan.Steps[0]}, which is false");
        }
    }

    private Step StoredPhase(IReadOnlyList<Rung<StoreWorld>> rungs, StoreWorld world)
    {
        for (; storedPhase < rungs.Count; storedPhase++)
        {
            if (Ladder.Next([rungs[storedPhase]], world) is var step and not Step.Rest)
            {
                return step;
            }
        }

        return new Step.Rest();
    }

    private static string Words(Step step) => step switch
    {
        Step.Take take => $"{take.Rung}: {Words(take.Act)}",
        Step.Wait wait => $"{wait.Rung}: wait, {wait.Reason}",
        Step.Halt halt => $"{halt.Rung}: a person must act, {halt.Reason}",
        _ => "at rest",
    };

    private static string Words(Act act) => act.ToString().Replace("IsDestructive = True, ", "", StringComparison.Ordinal).Replace("IsDestructive = False, ", "", StringComparison.Ordinal);
}
