using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using Kube.Core;
using Shouldly;
using Simulation.Real.Bugs;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;
using Simulation.Real.Running;

namespace Simulation.Real;

/// <summary>A world without faults in which what happens is said, not drawn.
/// Ends as a story that can be compared.</summary>
internal sealed class Scenario : IDisposable
{
    private readonly SynchronizationContext? before = SynchronizationContext.Current;
    private readonly List<string> story = [];
    private readonly Living living;
    private readonly CopyPods pods;
    private readonly ImportLaws? imports;

    /// <summary>More than any story takes.</summary>
    private const int MostTurns = 200;

    public Scenario(Action<Home>? begin = null, Bug bug = Bug.None)
    {
        var rng = new Rng(3);
        World = new World("acme");
        var pump = new Pump(World.Time);
        SynchronizationContext.SetSynchronizationContext(null);
        begin?.Invoke(World.Homes[0]);
        var seeding = new Seeding(bug, World);
        World.IsWordUnheard = bug == Bug.BeginsWhatWasTakenBack;
        pods = new CopyPods(World, rng, seeding);
        living = new Living(World, rng);
        World.People.ApplyWorkload(Home);
        World.People.ApplyKey(Home);
        World.People.ApplyStore(Home);
        World.People.Give(Home);
        imports = Home.IsImported ? new ImportLaws(World) : null;
        Operator = new Conductor(World, rng, pump, seeding) { Tell = Tell };
        living.Settle(Home);
    }

    public World World { get; }

    public Home Home => World.Homes[0];

    public Conductor Operator { get; }

    /// <summary>Called after each reconcile, with what it may have shown.</summary>
    public Action? Looked { get; set; }

    public string Story => string.Join('\n', story) + "\n";

    public void Happens(string what, Action change)
    {
        story.Add($"-- {what}");
        change();
    }

    public void LiftFence() => (Home.FenceIsLiftedByHand, _) = (true, Home.Shared.Fences.Remove(Home.Uid!));

    public void DeleteStore() => World.People.Delete<EncryptedStore>(Home.Store);

    public void DeleteStoreAndKey()
    {
        DeleteStore();
        World.People.Delete<TenantEncryptionKey>(Home.Key);
    }

    public void DeleteKeyByForce() => World.People.DeleteByForce<TenantEncryptionKey>(Home.Key);

    public void ConfirmDeletion()
    {
        World.People.Annotate(Home, Labels.ConfirmDelete, Home.Store.Name);
        Home.IsDeletionConfirmed = true;
    }

    public void Poison() => World.People.Poison();

    /// <summary>Somebody writes over the operator's record of the key.</summary>
    public void HurtKeyRecord() => Hurt(World.People.KeyRecord(Home)!);

    public void HurtStoreRecord() =>
        Hurt(World.People.Records(Home)
            .Single(record => ((string)record["metadata"]!["name"]!).StartsWith("store.", StringComparison.Ordinal)));

    private void Hurt(JsonObject record)
    {
        World.People.Hurt(Home, new ObjectKey(World.OperatorNamespace, (string)record["metadata"]!["name"]!),
            "{\"keyId\":\"x\"}", (string?)record["data"]!["mac"]);
    }

    /// <summary>Both objects are reconciled and the copy gets on, so many times; the laws hold at each.</summary>
    public void Turns(int times)
    {
        for (var turn = 0; turn < times; turn++)
        {
            World.Time.Advance(TimeSpan.FromSeconds(5));
            World.Account.Imports.Pass(World.Now);
            Operator.ReconcileKey(Home, rough: false);
            Looked?.Invoke();
            Operator.ReconcileStore(Home, rough: false);
            Looked?.Invoke();
            pods.GetOn(isRough: false);
            living.CheckLaws();
            imports?.Check();
            World.Time.DemandOneThread();
        }
    }

    /// <summary>What a tenant that revokes may demand of imported keys.</summary>
    public void DemandWithdrawal() => imports!.CheckWithdrawn();

    /// <summary>Law 9: the same materials in each region, as many as the generation says,
    /// and the newest of them current.</summary>
    public void DemandWhole()
    {
        if (imports!.IsMissing(Home) is { } missing)
        {
            throw new LawBrokenException("9", missing);
        }
    }

    /// <summary>An act of long ago on the key.</summary>
    public void LandOnKey(Act act)
    {
        Operator.LandKey(Home, act);
        imports!.Check();
    }

    public void Until(Func<bool> holds)
    {
        for (var turn = 0; turn < MostTurns && !holds(); turn++)
        {
            Turns(1);
        }

        holds().ShouldBeTrue();
    }

    /// <summary>Law 9.</summary>
    public static void DemandArrival(bool hasArrived)
    {
        if (!hasArrived)
        {
            throw new LawBrokenException("9", "the store never arrived");
        }
    }

    /// <summary>They write to where they are pointed, a few objects.</summary>
    public void ClientsWrite()
    {
        for (var write = 0; write < Home.Objects; write++)
        {
            living.Client(Home, rough: false);
        }

        living.CheckLaws();
    }

    /// <summary>Some of them to where they were pointed before.</summary>
    public void ClientsWriteWithOldPointers()
    {
        for (var write = 0; write < MostTurns; write++)
        {
            living.Client(Home, rough: true);
        }
    }

    /// <summary>To the minute in which the window of a home that waits is not open.</summary>
    public void PassTheWindow()
    {
        do
        {
            World.Time.Advance(TimeSpan.FromSeconds(1));
        }
        while (World.Now.Minute % 3 != 0);
    }

    /// <summary>The pods of copies, while the operator looks elsewhere.</summary>
    public void CopiesGetOn()
    {
        pods.GetOn(isRough: false);
        living.CheckLaws();
    }

    /// <summary>Whatever runs now stands still until what is returned is called.</summary>
    public Action CopiesStall() => pods.Stall();

    public void Dispose() => SynchronizationContext.SetSynchronizationContext(before);

    // Looking again and finding the same is not part of the story.
    private void Tell(string line)
    {
        var who = line.Split(':')[0];
        if (story.FindLast(earlier =>
            earlier.StartsWith("--", StringComparison.Ordinal)
                || earlier.StartsWith(who, StringComparison.Ordinal)) != line)
        {
            story.Add(line);
        }
    }
}
