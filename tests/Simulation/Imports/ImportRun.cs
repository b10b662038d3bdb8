using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;

namespace Simulation.Imports;

/// <summary>One seed of an imported key's life. Half of the time everything goes wrong that can; then it must arrive.</summary>
internal sealed class ImportRun
{
    private const int FaultyTicks = 90;
    private const int CalmTicks = 200;
    private const int TicksAtRest = 6;
    private const int Materials = 2;

    private readonly ImportTruth truth = new();
    private readonly Rng rng;
    private readonly ImportObserving observing;
    private readonly ImportPerforming performing;
    private readonly List<KeyAct> late = [];
    private readonly Action<string>? tell;
    private readonly bool endsRevoked;
    private KeyStanding? board;
    private int acts;

    public ImportRun(int seed, ImportBug bug = ImportBug.None, Action<string>? tell = null)
    {
        rng = new Rng(seed);
        this.tell = tell;
        observing = new ImportObserving(truth, rng, bug);
        performing = new ImportPerforming(truth, rng, bug);
        endsRevoked = rng.Once(4);
        truth.State = rng.Once(3) ? KeyStates.Standby : KeyStates.Active;
        truth.Upload = rng.Next(Materials + 1);
    }

    /// <summary>Throws <see cref="LawBrokenException"/>; returns the ticks it took.</summary>
    public int ToTheEnd()
    {
        for (var tick = 0; tick < FaultyTicks; tick++)
        {
            truth.Now += TimeSpan.FromSeconds(2);
            switch (rng.Next(12))
            {
                case < 8: Reconcile(faults: true); break;
                case 8: LandLate(); break;
                case 9: board = null; break; // another process leads
                default: Happens(); break;
            }

            truth.CheckLaws();
        }

        Mend();
        for (var tick = 0; tick < CalmTicks; tick++)
        {
            truth.Now += TimeSpan.FromSeconds(2);
            Reconcile(faults: false);
            truth.CheckLaws();
            if (HasArrived())
            {
                StayAtRest();
                return FaultyTicks + tick;
            }
        }

        throw new LawBrokenException("9", $"the key never arrived: {string.Join(", ", KeyLadder.Choose(observing.Look(faults: false)).Steps)}");
    }

    private void Reconcile(bool faults)
    {
        if (!truth.KeyExists)
        {
            return;
        }

        var world = observing.Look(faults);
        board = KeyStanding.Of(world, board);
        if (truth.State == KeyStates.Revoked && board.Regions.Values.Any(region => region.Judgement.ForDisplay() is not KeyJudgement.Revoked))
        {
            throw new LawBrokenException("1", "the tenant has revoked the key, and stores were told otherwise");
        }

        foreach (var step in KeyLadder.Choose(world).Steps)
        {
            tell?.Invoke($"{step}");
            if (step is Step.Take { Act: KeyAct act })
            {
                Take(act, faults);
            }
        }
    }

    private void Take(KeyAct act, bool faults)
    {
        acts++;
        switch (faults ? rng.Next(10) : 9)
        {
            case 0: break; // crashed before the first call
            case 1 when !act.IsDestructive || rng.Once(3): late.Add(act); break; // paused, after it had asked whether it leads
            case 2 when act is not KeyAct.CreateKey: // repeated as a client would; a creation has no idempotency token, and never is
                performing.Perform(act, faults);
                performing.Perform(act, faults);
                break;
            default: performing.Perform(act, faults); break;
        }
    }

    private void LandLate()
    {
        if (late.Count > 0)
        {
            var act = late[rng.Next(late.Count)];
            late.Remove(act);
            tell?.Invoke($"late: {act}");
            performing.Perform(act, faults: true);
        }
    }

    private void Happens()
    {
        var region = truth.Regions[rng.Next(truth.Regions.Count)];
        switch (rng.Next(10))
        {
            case < 2: region.IsUnreachable = !region.IsUnreachable; break;
            case < 4: truth.Upload = rng.Next(Materials + 1); break;
            case 4 or 5: truth.State = truth.State == KeyStates.Active ? KeyStates.Revoked : KeyStates.Active; break;
            case 6 when region.Named is { } named: named.Material = 0; break; // the cloud lost it
            case 7: truth.Regions[0].IsUnreachable = truth.Regions[1].IsUnreachable = false; break;
            case 8 when rng.Once(4): truth.HasUser = false; break;
            case 9 when rng.Once(3): truth.IsDeleting |= truth.IsClaimed; break;
            default: break;
        }

        tell?.Invoke($"-- {truth.State}, upload {truth.Upload}, unreachable {string.Join(' ', truth.Regions.Where(one => one.IsUnreachable).Select(one => one.Name))}{(truth.IsDeleting ? ", deleting" : "")}");
    }

    /// <summary>Faults stop, and people do what only they can: the right secret is handed over, and a user goes that holds a deletion up.</summary>
    private void Mend()
    {
        tell?.Invoke("-- faults stop");
        late.Clear();
        foreach (var region in truth.Regions)
        {
            region.IsUnreachable = false;
        }

        truth.State = endsRevoked ? KeyStates.Revoked : KeyStates.Active;
        truth.HasUser &= !truth.IsDeleting;
        truth.Upload = truth.Fingerprint == ImportTruth.FingerprintOf(Materials) ? Materials : 1;
    }

    private bool HasArrived()
    {
        if (!truth.KeyExists)
        {
            return true; // that nothing of it lives is a law
        }

        var plan = KeyLadder.Choose(observing.Look(faults: false));
        return !truth.IsDeleting && (endsRevoked
            ? plan.Steps is [Step.Wait { Reason: "RevokedByTenant" }] && truth.Regions.All(region => region.Keys.TrueForAll(key => key.Material == 0))
            : plan.Steps is [Step.Rest] && truth.Regions.All(HoldsTheFirst));
    }

    private bool HoldsTheFirst(CloudRegion region) =>
        region.Keys.Where(key => key.IsAlive).ToList() is [var only] && only == region.Named && only.Material == truth.First && region.Canary is not null;

    private void StayAtRest()
    {
        var before = acts;
        for (var look = 0; look < TicksAtRest; look++)
        {
            Reconcile(faults: false);
        }

        if (acts != before)
        {
            throw new LawBrokenException("8", "something was written at rest");
        }
    }
}
