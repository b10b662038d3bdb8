using ByokOperator.Reconciling;
using Simulation.Real.Bugs;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;
using Simulation.Real.Running;

namespace Simulation.Real.Materials;

/// <summary>One tenant that hands its key over, in two regions,
/// and gives it new material time and again under a store that stands.</summary>
internal sealed class MaterialStage
{
    private static readonly TimeSpan tick = TimeSpan.FromSeconds(5);

    /// <summary>More than any rung takes.</summary>
    private const int MostTurns = 120;

    private readonly Living living;
    private readonly Action<string>? tell;

    public MaterialStage(Rng rng, Bug bug, Action<string>? tell = null)
    {
        World = new World("acme") { Settling = Importing.Settling };
        this.tell = tell;
        var pump = new Pump(World.Time);
        SynchronizationContext.SetSynchronizationContext(null);
        (Home.IsImported, Home.HasShared) = (true, false);
        var seeding = new Seeding(bug, World);
        living = new Living(World, rng);
        World.People.ApplyWorkload(Home);
        World.People.ApplyKey(Home);
        World.People.ApplyStore(Home);
        World.People.Give(Home);
        Laws = new MaterialLaws(World);
        Operator = new Conductor(World, rng, pump, seeding) { Tell = tell };
        living.Settle(Home);
    }

    public World World { get; }

    public Home Home => World.Homes[0];

    public Conductor Operator { get; }

    public MaterialLaws Laws { get; }

    /// <summary>The newest material that anybody handed over for good.</summary>
    public int Last { get; private set; } = 1;

    public bool IsOpen =>
        Home is { IsBound: true, IsOurs: true, Target.IsDenied: false, IsGranted: true }
            && World.People.Running(Home) > 0;

    public bool IsWhole => IsOpen && Laws.IsMissing() is null;

    public bool Acts => (Operator.KeyPlanOf(Home)?.Steps ?? []).Any(step => step is Step.Take)
        || (Operator.PlanOf(Home)?.Steps ?? []).Any(step => step is Step.Take);

    public string Where =>
        $"{Laws.IsMissing() ?? "the key is whole"}; generation {Home.Generation}; {World.People.KeyConditions(Home)}; "
            + string.Join(", ", Operator.PlanOf(Home)?.Steps ?? []);

    /// <summary>Until the first material is in both regions and the store is open.</summary>
    public void Open()
    {
        HandOver(1);
        Until(() => IsWhole);
    }

    /// <summary>The tenant hands a secret over; zero takes away what it handed over.</summary>
    public void HandOver(int material)
    {
        World.People.HandOver(Home, material);
        Last = Math.Max(Last, material);
        tell?.Invoke($"-- the tenant hands over its secret {material}");
    }

    /// <summary>One more each time, as a server takes it; what was raised twice the operator may see once.</summary>
    public void Raise(int times)
    {
        for (var raise = 0; raise < times; raise++)
        {
            World.People.Raise(Home, Home.Generation + 1);
        }

        tell?.Invoke($"-- generation {Home.Generation}");
    }

    /// <summary>Raised, handed over, and current in every region.</summary>
    public void Rotate()
    {
        Raise(1);
        HandOver(Last + 1);
        Until(() => IsWhole && Laws.Newest == Last);
    }

    public void SetState(string state)
    {
        World.People.SetState(Home, state);
        tell?.Invoke($"-- the key is {state}");
    }

    /// <summary>Everything gets on, without faults; the laws hold at each.</summary>
    public void Turns(int times)
    {
        for (var turn = 0; turn < times; turn++)
        {
            Pass();
            Operator.ReconcileKey(Home, rough: false);
            Operator.ReconcileStore(Home, rough: false);
            Client(isRough: false);
            Check();
        }
    }

    public void Until(Func<bool> holds)
    {
        for (var turn = 0; turn < MostTurns && !holds(); turn++)
        {
            Turns(1);
        }

        if (!holds())
        {
            throw new LawBrokenException("9", $"the key never arrived: {Where}");
        }
    }

    public void Client(bool isRough) => living.Client(Home, isRough);

    public void Pass()
    {
        World.Time.Advance(tick);
        World.Account.Imports.Pass(World.Now);
    }

    public void Check()
    {
        living.CheckLaws();
        Laws.Check();
        Operator.ForgetVersions();
        World.Time.DemandOneThread();
    }
}
