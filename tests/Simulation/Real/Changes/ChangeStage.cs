using ByokOperator.Api;
using ByokOperator.Reconciling;
using Simulation.Real.Bugs;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;
using Simulation.Real.Running;

namespace Simulation.Real.Changes;

/// <summary>One tenant with three keys and a store that goes from one to another, with the operator,
/// the workers and the clients around it.</summary>
internal sealed class ChangeStage
{
    private static readonly TimeSpan tick = TimeSpan.FromSeconds(2);

    /// <summary>More than any story takes.</summary>
    private const int MostTurns = 250;

    private readonly ChangeLaws laws;
    private readonly RekeyPods pods;
    private readonly CopyPods copies;

    /// <param name="rng">Draws what happens.</param>
    /// <param name="bug">Seeded.</param>
    /// <param name="begin">What is special about this one.</param>
    /// <param name="tell">Hears the story.</param>
    /// <param name="isAzure">Keys are in vaults, and the store is an account.</param>
    public ChangeStage(
        Rng rng, Bug bug, Action<ChangeStage>? begin = null, Action<string>? tell = null, bool isAzure = false)
    {
        World = new World(isAzure, "acme");
        var pump = new Pump(World.Time);
        SynchronizationContext.SetSynchronizationContext(null);
        (Store.HasShared, Store.Overlap, Store.FollowsRecord) = (false, "20s", true);
        Store.CloudKey.Material = 10;
        for (var number = 2; number <= 3; number++)
        {
            var spare = new Home(Store.Namespace, World, $"{Home.UsualKey}{number}") { IsGiven = true };
            (spare.CloudKey.Material, World.Account.Keys[spare.CloudKey.Arn]) = (number * 10, spare.CloudKey);
            Store.Spares.Add(spare);
        }

        var seeding = new Seeding(bug, World);
        begin?.Invoke(this);
        laws = new ChangeLaws(
            World) { Known = _ => throw new InvalidOperationException("nobody has learned anything yet") };
        Operator = new Conductor(World, rng, pump, seeding, laws) { Tell = tell };
        laws.Known = Operator.KnownOf;
        pods = new RekeyPods(World, rng, seeding);
        copies = new CopyPods(World, rng, seeding);
        Clients = new ChangeClients(World, rng);
        World.People.ApplyWorkload(Store);
        Keys.ToList().ForEach(World.People.ApplyKey);
        World.People.ApplyStore(Store);
        World.People.Give(Store);
        Tell = tell;
    }

    public World World { get; }

    public Home Store => World.Homes[0];

    public IEnumerable<Home> Keys => Store.Spares.Prepend(Store);

    public Conductor Operator { get; }

    /// <summary>The workers, whatever they do.</summary>
    public void Work(bool isRough)
    {
        pods.GetOn(isRough);
        copies.GetOn(isRough);
    }

    public ChangeClients Clients { get; }

    /// <summary>Versions are kept; told before the first object is written.</summary>
    public bool KeepsVersions { get; set; }

    private Action<string>? Tell { get; }

    /// <summary>Names of key objects, the default's first.</summary>
    public IReadOnlyList<string> Pinned =>
        [.. (laws.Pinned ?? []).Select(id => Keys.First(key => key.CloudKey.Arn == id).Key.Name)];

    public string? Default => laws.Default;

    /// <summary>Until the store is open and something stands in it.</summary>
    public void Open()
    {
        Until(() => Store is { IsBound: true, IsOurs: true, Target.IsDenied: false });
        Store.Target!.IsVersioned = Store.Acknowledged.IsVersioned = KeepsVersions;
        Clients.WriteAll();
        Turns(1);
    }

    /// <summary>Somebody deletes the operator's record of the store, and another process begins.</summary>
    public void LoseRecord()
    {
        World.People.Delete<Kube.Core.Kinds.ConfigMap>(new Kube.Core.ObjectKey(World.OperatorNamespace,
            $"store.{Store.Namespace}.{Store.Store.Name}.{Store.Uid}"));
        Operator.Restart();
    }

    /// <summary>Law 9: a store with two buckets and no record stands still, and what people are told to look into and
    /// delete is not what readers are on.</summary>
    public void DemandUnclear()
    {
        var led = (string?)World.People.Binding(Store)?["data"]?["bucket"];
        var told = (World.People.Store(Store)?["status"]?["conditions"]?.AsArray() ?? [])
            .Where(one => (string?)one!["reason"] == "BucketsUnclear").Select(one => (string)one!["message"]!)
            .FirstOrDefault();
        if (told is null || led is null || told.Contains(led, StringComparison.Ordinal))
        {
            throw new LawBrokenException("9", $"two buckets stand, readers are on {led}, and people are told: {told}");
        }
    }

    /// <summary>The tenant names that key in its store's spec.</summary>
    public void Name(Home key)
    {
        Tell?.Invoke($"-- the tenant names {key.Key.Name}");
        World.People.NameKey(Store, key.Key.Name);
    }

    /// <summary>Everything gets on, without faults; the laws hold at each.</summary>
    public void Turns(int times, bool withPods = true)
    {
        for (var turn = 0; turn < times; turn++)
        {
            Pass();
            foreach (var key in Keys)
            {
                Operator.ReconcileKey(key, rough: false);
            }

            Operator.ReconcileStore(Store, rough: false);
            if (withPods)
            {
                Work(isRough: false);
            }

            Check();
        }
    }

    public void Until(Func<bool> holds, bool withPods = true)
    {
        for (var turn = 0; turn < MostTurns && !holds(); turn++)
        {
            Turns(1, withPods);
        }

        if (!holds())
        {
            throw new LawBrokenException("9", $"the world never arrived: {Where}");
        }
    }

    /// <summary>Until the record puts the default on that key, and nothing else is left to do.</summary>
    public void UntilFollowed(Home key) => Until(() => HasFollowed(key));

    /// <summary>At rest under that key, and under no other where old objects are not kept.</summary>
    public bool HasFollowed(Home key) =>
        Default == key.Key.Name && Operator.PlanOf(Store)?.Steps is [Step.Rest] && IsOpen
            && (Keeps || (Pinned.Count == 1 && !Store.Others.Any()));

    public bool Keeps =>
        (string?)World.People.Store(Store)?["spec"]?["rotation"]?["existingObjects"] == StoreRotation.Keep;

    public bool IsOpen =>
        Store is { IsBound: true, IsOurs: true, Target.IsDenied: false } && World.People.Running(Store) > 0
            && Store.Target is not StorageAccount { IsHalfShut: true };

    public string Where =>
        $"default {Default}, pinned {string.Join(" ", Pinned)}; "
            + $"{string.Join(", ", Operator.PlanOf(Store)?.Steps ?? [])}";

    public void Pass()
    {
        World.Time.Advance(tick);
        World.Account.Pass(World.Now);
        Clients.Read();
    }

    public void Check()
    {
        laws.CheckStandsUnderPinned();
        Clients.Check();
        Operator.ForgetVersions();
        World.Time.DemandOneThread();
    }
}
