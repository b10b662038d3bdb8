using ByokOperator.Api;
using Cloud.Keys;

namespace Simulation.Real.Materials;

/// <summary>
/// One seed of a key that is given new material time and again. First everything goes wrong that can; then faults stop,
/// every material is handed over that is asked for, and each region must have what is on record, the newest current; or
/// nothing, where the tenant revokes.
/// </summary>
internal sealed class MaterialRun
{
    private const int RoughTicks = 140;
    private const int CalmTicks = 240;
    private const int LooksAtRest = 3;

    /// <summary>What is handed over is looked at so many times before another one is.</summary>
    private const int LooksEach = 4;

    /// <summary>Some keys are near the last of their rotations when it begins.</summary>
    private const int SpentOneIn = 40;

    private const int LeftForSpent = 2;

    private readonly Rng rng;
    private readonly MaterialStage stage;
    private readonly MaterialMischief mischief;
    private readonly bool endsRevoked;
    private readonly int before;

    public MaterialRun(int seed, Bug bug = Bug.None, Action<string>? tell = null)
    {
        rng = new Rng(seed ^ 0x6D6174);
        stage = new MaterialStage(rng, bug, tell);
        mischief = new MaterialMischief(stage, rng) { Tell = tell };
        endsRevoked = rng.Once(6);
        before = rng.Once(SpentOneIn) ? IImportedKeys.MostRotations - LeftForSpent : rng.Next(2);
    }

    /// <summary>Throws <see cref="LawBrokenException"/>; returns the ticks it took.</summary>
    public int ToTheEnd()
    {
        stage.Open();
        for (var rotation = 0; rotation < before; rotation++)
        {
            stage.Rotate();
        }

        for (var tick = 0; tick < RoughTicks; tick++)
        {
            Rough();
        }

        stage.Operator.ForgetLate();
        mischief.Fix();
        stage.SetState(endsRevoked ? KeyStates.Revoked : KeyStates.Active);
        for (var tick = 0; tick < CalmTicks; tick++)
        {
            if (!endsRevoked && tick % LooksEach == 0)
            {
                mischief.BringBack();
            }

            stage.Turns(1);
            if (HasArrived)
            {
                StayAtRest();
                return RoughTicks + tick;
            }
        }

        throw new LawBrokenException("9", $"the key never arrived: {stage.Where}");
    }

    private bool HasArrived => !stage.Acts && (endsRevoked
        ? stage.Home is { IsBound: false, IsGranted: false, Target.IsDenied: true }
            && stage.World.People.Running(stage.Home) == 0
        : stage.IsWhole);

    private void Rough()
    {
        stage.Pass();
        switch (rng.Next(16))
        {
            case < 7: stage.Operator.ReconcileKey(stage.Home, rough: true); break;
            case < 10: stage.Operator.ReconcileStore(stage.Home, rough: true); break;
            case 10: stage.Client(isRough: true); break;
            case 11: stage.Operator.LandLate(); break;
            case 12 when rng.Once(2): stage.Operator.Restart(); break;
            default: mischief.Happens(); break;
        }

        stage.Check();
    }

    // Law 8: at rest nothing is written, however often we look. Law 1: nothing is left of a tenant that revokes.
    private void StayAtRest()
    {
        stage.Turns(2); // clocks may still have to be stopped
        var before = (stage.Operator.ActsTaken, stage.World.Server.Store.Version);
        stage.Turns(LooksAtRest);
        if (before != (stage.Operator.ActsTaken, stage.World.Server.Store.Version))
        {
            throw new LawBrokenException("8", "something was written at rest");
        }

        stage.Laws.CheckWithdrawn();
    }
}
