using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Kube.Runtime.Controllers;
using Simulation.Real.Bugs;
using Simulation.Real.Clouds;
using Simulation.Real.Running;

namespace Simulation.Real.Operators;

/// <summary>The operator as the simulation runs it: the process that leads, turn by turn, and acts that get lost,
/// come late or come twice.</summary>
internal sealed class Conductor
{
    /// <summary>A reconcile that takes longer than this by the world's clock
    /// was given up by whoever watches the process.</summary>
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(10);

    private readonly World world;
    private readonly Rng rng;
    private readonly Weather weather;
    private readonly Pump pump;
    private readonly List<(string Words, Func<Task> Land)> late = [];
    private readonly Dictionary<Home, Learned> known;
    private readonly Dictionary<Home, Plan<StoreWorld>> plans = [];
    private readonly Dictionary<Home, Plan<KeyWorld>> keyPlans = [];
    private readonly Laws laws;
    private readonly Seeding seeding;
    private LawBrokenException? broken;
    private Turn current = new();
    private Process process;

    /// <param name="others">Which laws hold; null: those of stores that stay under their first key.</param>
    public Conductor(World world, Rng rng, Pump pump, Seeding seeding, Laws? others = null)
    {
        (this.world, this.rng, this.pump, this.seeding) = (world, rng, pump, seeding);
        laws = others ?? new Laws(world);
        weather = new Weather(rng);
        known = world.Homes.SelectMany(home => home.Spares.Prepend(home))
            .ToDictionary(home => home, home => new Learned(home, world));
        process = Begin();
    }

    public Action<string>? Tell { get; init; }

    public int ActsTaken { get; private set; }

    /// <summary>What the last turn of the store decided.</summary>
    public Plan<StoreWorld>? PlanOf(Home home) => plans.GetValueOrDefault(home);

    /// <summary>The same of its key.</summary>
    public Plan<KeyWorld>? KeyPlanOf(Home home) => keyPlans.GetValueOrDefault(home);

    public Learned KnownOf(Home home) => known[home];

    /// <summary>A new leader, or the same one after a crash: it remembers nothing.</summary>
    public void Restart()
    {
        process.Dispose();
        process = Begin();
        pump.Finish(seeding.BegunAsync(process.Around), longest);
        foreach (var one in known.Values)
        {
            one.Restarted();
        }
    }

    public void ReconcileKey(Home home, bool rough)
    {
        var (existed, held, identity) = (world.People.Key(home) is not null, home.CloudKey.Material, home.IsImported
            ? world.People.Identity(home) : null);
        seeding.IsKeysTurn = true;
        var turn = Take(rough,
            () =>
                process.ReconcileKeyAsync(home.Key, KeyScript(home, rough), seen => keyPlans[home] = ChooseKey(seen)));
        foreach (var left in world.People.Left(home, "key"))
        {
            turn.Add(Take(rough, () => process.ReconcileKeyAsync(left, KeyScript(home, rough), ChooseKey)));
        }

        seeding.IsKeysTurn = false;
        // what was never proved is not asked for who was given nothing
        var isAsked = existed && held == home.CloudKey.Material
            && (home.IsGiven || world.People.CanaryMaterial(home) is not null)
            // what it imported or took back it asks the next time
            && identity == (home.IsImported ? world.People.Identity(home) : null);
        known[home].Probed(turn.IsClean && process.IsSealed && isAsked, world.People.CanaryMaterial(home));
        if (existed && world.People.Key(home) is null)
        {
            laws.KeyLetGo(home);
        }

        Mourn(turn);
    }

    public void ReconcileStore(Home home, bool rough)
    {
        var mustClose = laws.MustClose(home, known[home]);
        var turn = Take(rough,
            () => process.ReconcileStoreAsync(home.Store, StoreScript(home, rough), world => ChooseStore(home, world)));
        foreach (var left in seeding.Bug == Bug.RetainedIsForgotten ? [] : world.People.Left(home, "store"))
        {
            turn.Add(
                Take(rough,
                    () =>
                        process.ReconcileStoreAsync(left, StoreScript(home, rough),
                            world => ChooseStore(home, world))));
        }

        if (mustClose && process.IsSealed)
        {
            laws.CheckClosed(home, turn);
            laws.CheckAlert(home, turn);
        }

        laws.CheckRest(home, turn);
        if (plans.GetValueOrDefault(home)?.Name == StorePlan.Closing)
        {
            laws.CheckWords(home, turn);
        }

        Mourn(turn);
    }

    /// <summary>A paused process's request finally lands, long after it was decided.</summary>
    public void LandLate()
    {
        if (late.Count > 0)
        {
            var index = rng.Next(late.Count);
            var (words, land) = late[index];
            late.RemoveAt(index);
            Tell?.Invoke($"late: {words}");
            pump.Finish(land(), longest);
        }
    }

    /// <summary>An act of a process that does not lead any more;
    /// whether it takes effect is up to its precondition.</summary>
    public void Land(Home home, Act act)
    {
        Tell?.Invoke($"late: {Telling.Words(act)}");
        pump.Finish(
            WatchedAsync<StoreWorld>(home, act, async token => await process.PerformAsync(home.Store, act, token),
                CancellationToken.None), longest);
    }

    /// <summary>The same on the key.</summary>
    public void LandKey(Home home, Act act)
    {
        Tell?.Invoke($"late: {Telling.Words(act)}");
        pump.Finish(
            WatchedAsync<KeyWorld>(home, act, async token => await process.PerformKeyAsync(home.Key, act, token),
                CancellationToken.None), longest);
        if (broken is not null)
        {
            throw broken;
        }
    }

    public void ForgetLate() => late.Clear();

    /// <summary>The server keeps no version that every watch has seen the successor of.</summary>
    public void ForgetVersions() => world.Server.Store.Compact(process.Watches.Sources.Min(source => source.At));

    private Process Begin()
    {
        var begun = new Process(world, weather, seeding);
        seeding.Around = begun.Around;
        return begun.HasSynced ? begun : throw new InvalidOperationException("the stores have no first list");
    }

    private Turn Take(bool rough, Func<Task<Outcome>> begin)
    {
        var turn = current = new Turn();
        process.Line.Struck.Clear();
        Deliveries.To(process, rough ? rng : null, turn, IsHidden);
        weather.IsRough = rough;
        pump.Waiting = process.Watches.CatchUp;
        var task = begin();
        var finished = pump.Finish(task, longest);
        pump.Waiting = null;
        weather.IsRough = false;
        turn.Struck.UnionWith(process.Line.Struck);
        turn.IsBroken |= process.Line.IsDead || !finished;
        if (broken is not null)
        {
            throw broken;
        }

        if (task.IsFaulted && !turn.IsBroken && turn.Struck.Count == 0
            && task.Exception.InnerException is not ReconcileException { Failures: [_, ..] } and var fault)
        {
            throw new LawBrokenException("8", $"a reconcile failed though nothing else did: {fault}");
        }

        return turn;
    }

    private void Mourn(Turn turn)
    {
        if (turn.IsBroken)
        {
            Tell?.Invoke("the process ends");
            Restart();
        }
    }

    private bool IsHidden(string plural) =>
        seeding.Bug == Bug.PoisonBlindsTheList && world.IsPoisoned
            && plural is "tenantencryptionkeys" or "encryptedstores";

    private Plan<KeyWorld> ChooseKey(KeyWorld seen)
    {
        var plan = KeyLadder.Choose(seen);
        Telling.Steps(Tell, "key", plan.Steps);
        return plan;
    }

    private Plan<StoreWorld> ChooseStore(Home home, StoreWorld seen)
    {
        var plan = seeding.Choose(seen);
        if (!seen.IsRecordedOnly)
        {
            plans[home] = plan;
            current.Chose = plan;
        }

        Hold(() => laws.CheckChoice(home, plan, seen, known[home]));
        Telling.Steps(Tell, plan.Name, plan.Steps);
        return plan;
    }

    private Script<KeyWorld> KeyScript(Home home, bool rough) => new()
    {
        Saw = seeding.Saw,
        PerformAsync = (_, act, perform, token) => PerformAsync(home, act, perform, rough, token),
    };

    private Script<StoreWorld> StoreScript(Home home, bool rough) => new()
    {
        Saw = seeding.Saw,
        Shown = seeding.Shown,
        PerformAsync = (_, act, perform, token) => PerformAsync(home, act, perform, rough, token),
    };

    private async Task<TWorld?> PerformAsync<TWorld>(
        Home home, Act act, Func<CancellationToken, Task<TWorld?>> perform, bool rough, CancellationToken cancellation)
        where TWorld : class
    {
        ActsTaken++;
        switch (rough ? rng.Next(16) : 9)
        {
            case 0: // the process ends before the first call of it
                current.Lost.Add(act.GetType().Name);
                throw process.Line.Crash();
            case 1 when !act.IsDestructive || rng.Once(3): // paused, after it had asked whether it leads
                current.Lost.Add(act.GetType().Name);
                late.Add(
                    (Telling.Words(act), async () => await WatchedAsync(home, act, perform, CancellationToken.None)));
                return null;
            case 2: // as a client would that did not hear of it
                await WatchedAsync(home, act, perform, cancellation);
                return await WatchedAsync(home, act, perform, cancellation);
            default:
                return await WatchedAsync(home, act, perform, cancellation);
        }
    }

    /// <summary>Laws 1, 4 and 12, where an act would break them.</summary>
    private async Task<TWorld?> WatchedAsync<TWorld>(
        Home home, Act act, Func<CancellationToken, Task<TWorld?>> perform, CancellationToken cancellation)
        where TWorld : class
    {
        var before = Openness.Of(home, world) with { Canary = world.People.CanaryMaterial(home) };
        seeding.Does(home, act);
        seeding.IsActing = true;
        try
        {
            return seeding.Does(act) ? await perform(cancellation) : null;
        }
        finally
        {
            seeding.IsActing = false;
            seeding.Did(home, act);
            Hold(() => laws.Acted(home, before, known[home]));
        }
    }

    /// <summary>The operator takes whatever is thrown for a failure of its own; a broken law is not.</summary>
    private void Hold(Action law)
    {
        try
        {
            law();
        }
        catch (LawBrokenException found)
        {
            broken ??= found;
        }
    }
}
