using ByokOperator.Reconciling;
using ByokOperator.Stores;

namespace Simulation.Real.Changes;

/// <summary>
/// One seed of a store that goes from key to key. First everything goes wrong that can; then faults stop, and the world
/// must arrive under the key that was named last, with no other pinned. Each tick the laws are held against the truth.
/// </summary>
internal sealed class ChangeRun
{
    private const int RoughTicks = 160;
    private const int CalmTicks = 160;
    private const int LooksAtRest = 3;

    private readonly Rng rng;
    private readonly ChangeStage stage;
    private readonly ChangeMischief mischief;
    private readonly bool endsRevoked;

    /// <param name="seed">Says what happens.</param>
    /// <param name="bug">Seeded.</param>
    /// <param name="tell">Hears the story.</param>
    /// <param name="isAzure">Keys are in vaults, and the store is an account.</param>
    public ChangeRun(int seed, Bug bug = Bug.None, Action<string>? tell = null, bool isAzure = false)
    {
        rng = new Rng(seed ^ 0x6B6579);
        var (versions, inPlace) = (rng.Once(2), !rng.Once(3));
        stage = new ChangeStage(
            rng, bug, one => (one.KeepsVersions, one.World.Account.UpdatesInPlace) = (versions, inPlace), tell,
            isAzure);
        mischief = new ChangeMischief(stage, rng) { Tell = tell };
        endsRevoked = rng.Once(6);
    }

    /// <summary>Throws <see cref="LawBrokenException"/>; returns the ticks it took.</summary>
    public int ToTheEnd()
    {
        stage.Open();
        for (var tick = 0; tick < RoughTicks; tick++)
        {
            Rough();
        }

        stage.Operator.ForgetLate();
        mischief.Fix(endsRevoked);
        for (var tick = 0; tick < CalmTicks; tick++)
        {
            stage.Turns(1);
            stage.Clients.GetOn();
            stage.Check();
            if (HasArrived)
            {
                StayAtRest();
                return RoughTicks + tick;
            }
        }

        throw new LawBrokenException("9", $"the store never arrived: wanted {Wanted}, {stage.Where}");
    }

    private string? Wanted => (string?)stage.World.People.Store(stage.Store)?["spec"]?["keyRef"]?["name"];

    private bool HasArrived => endsRevoked
        ? stage.Store is { IsBound: false, Target.IsDenied: true } && stage.World.People.Running(stage.Store) == 0
            && stage.Store.Others.All(bucket => bucket.IsDenied) && !Acts
            // what was taken away with it counts everywhere
            && (!stage.World.IsAzure || stage.World.People.Availability(stage.Store) == StoreVerdict.Closed)
        : stage.HasFollowed(stage.Keys.First(key => key.Key.Name == Wanted))
            || (IsUnsupported && stage.IsOpen
                && stage.Operator.PlanOf(stage.Store)?.Steps is [Step.Halt { Reason: "ReencryptionNotSupported" }]);

    /// <summary>Kept old objects stand under several keys already: versions of them are put under no other.</summary>
    private bool IsUnsupported =>
        stage is { World.IsAzure: false, KeepsVersions: true, Keeps: false, World.Account.UpdatesInPlace: false }
            && !stage.Store.Others.Any();

    private bool Acts => stage.Operator.PlanOf(stage.Store)?.Steps.Any(step => step is Step.Take) == true;

    private void Rough()
    {
        stage.Pass();
        switch (rng.Next(16))
        {
            case < 4: stage.Operator.ReconcileKey(stage.Keys.ElementAt(rng.Next(3)), rough: true); break;
            case < 9: stage.Operator.ReconcileStore(stage.Store, rough: true); break;
            case < 11: stage.Work(isRough: true); break;
            case < 13: stage.Clients.GetOn(); break;
            case 13: stage.Operator.LandLate(); break;
            case 14 when rng.Once(2): stage.Operator.Restart(); break;
            default: mischief.Happens(); break;
        }

        stage.Check();
    }

    // Law 8: at rest nothing is written, however often we look.
    private void StayAtRest()
    {
        stage.Turns(2, withPods: false); // clocks may still have to be stopped
        var before = (stage.Operator.ActsTaken, stage.World.Server.Store.Version);
        stage.Turns(LooksAtRest, withPods: false);
        if (before != (stage.Operator.ActsTaken, stage.World.Server.Store.Version))
        {
            throw new LawBrokenException("8", "something was written at rest");
        }
    }
}
