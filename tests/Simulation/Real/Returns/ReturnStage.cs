using ByokOperator.Api;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Cloud.Stores;
using Simulation.Real.Bugs;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;
using Simulation.Real.Running;

namespace Simulation.Real.Returns;

/// <summary>
/// One tenant with a key and a store that its data was moved into, and goes back from, with the operator, the workers
/// and the clients around it.
/// </summary>
internal sealed class ReturnStage
{
    private static readonly TimeSpan tick = TimeSpan.FromSeconds(2);

    /// <summary>More than any story takes.</summary>
    private const int MostTurns = 250;

    private readonly ReturnLaws laws;
    private readonly Action<string>? tell;

    /// <param name="rng">Draws what happens.</param>
    /// <param name="bug">Seeded.</param>
    /// <param name="keepsVersions">In the shared place, and so in the store.</param>
    /// <param name="tell">Hears the story.</param>
    /// <param name="begin">What is special about this one.</param>
    public ReturnStage(
        Rng rng, Bug bug, bool keepsVersions, Action<string>? tell = null, Action<ReturnStage>? begin = null)
    {
        (World, this.tell) = (new World("acme"), tell);
        var pump = new Pump(World.Time);
        SynchronizationContext.SetSynchronizationContext(null);
        foreach (var id in PlatformKeys)
        {
            World.Account.Keys[id] = new CloudKey(World.Region, id) { Material = 7 };
        }

        begin?.Invoke(this);
        var seeding = new Seeding(bug, World);
        Clients = new ReturnClients(World, rng);
        laws = new ReturnLaws(World, Clients);
        Operator = new Conductor(World, rng, pump, seeding, laws) { Tell = tell };
        Pods = new CopyPods(World, rng, seeding);
        Clients.Settle(keepsVersions);
        World.People.ApplyWorkload(Store);
        World.People.ApplyKey(Store);
        World.People.ApplyStore(Store);
        World.People.Give(Store);
    }

    /// <summary>Of the platform's own, which a shared place may encrypt by.</summary>
    public static IReadOnlyList<string> PlatformKeys { get; } =
    [
        .. Enumerable.Range(1, 2).Select(number => $"arn:aws:kms:{World.Region}:111111111111:key/platform-{number}"),
    ];

    public World World { get; }

    public Home Store => World.Homes[0];

    public Conductor Operator { get; }

    public CopyPods Pods { get; }

    public ReturnClients Clients { get; }

    /// <summary>What fences on the shared place are called after that hold it for the return.</summary>
    public static string HoldOf(Home home) => $"{home.Uid}/return";

    public bool IsHeld => Store.Shared.Fences.ContainsKey(HoldOf(Store));

    /// <summary>Its data goes back when it is deleted, by its deletion policy; told before anything
    /// begins.</summary>
    public bool IsByDeletion { get; set; }

    public string? Consent => $"{Store.Store.Name}/{Store.Key.Name}";

    /// <summary>The step that the store stands on.</summary>
    public Step? Step => Operator.PlanOf(Store)?.Steps is [var only] ? only : null;

    /// <summary>What its record says of its return; null where none is on record, or nobody can read it.</summary>
    public System.Text.Json.Nodes.JsonNode? Return => World.People.StoreRecord(Store)?["return"];

    /// <summary>Open, under its key, with nothing in the shared place, and nothing left to do.</summary>
    public bool IsIn => Store is { IsBound: true, IsOurs: true, Target.IsDenied: false, IsServed: true, Fence: null }
        && !World.People.LeadsToShared(Store) && World.People.Running(Store) > 0 && !IsHeld
        && !Store.Shared.HasAnyUnder(Store.Prefix) && IsAtRest;

    /// <summary>Nothing of the store is left, and workloads are led to the shared place.</summary>
    public bool IsOut => Store.Target is null && !IsHeld && World.People.LeadsToShared(Store)
        && World.People.Jobs(Store).Count == 0 && World.People.StoreRecord(Store) is null && IsAtRest;

    /// <summary>Somebody said that the data stays where it is; whatever was said afterwards may have come too
    /// late.</summary>
    public bool WasRetainSaid { get; private set; }

    public bool WasRecordLost => laws.WasRecordLost;

    /// <summary>The object is gone, and nothing of the store but what readers were led to.</summary>
    public bool IsGone => World.People.Store(Store) is null && Store.Target is null && !IsHeld && Clients.IsBack
        && World.People.Jobs(Store).Count == 0 && World.People.StoreRecord(Store) is null;

    /// <summary>The object is gone, and the data stands where it stood: on record, with nothing of a return
    /// left.</summary>
    public bool IsRetained => World.People.Store(Store) is null && Store.HoldsData && !IsHeld && !Clients.IsBack
        && World.People.Jobs(Store).Count == 0 && !Clients.IsAnythingBrought
        && World.People.StoreRecord(Store) is { } record && record["return"] is null;

    public bool IsAtRest => Operator.PlanOf(Store)?.Steps is [Step.Rest];

    public string Where =>
        $"{string.Join(", ", Operator.PlanOf(Store)?.Steps ?? [])}; return: {Return?.ToJsonString()}";

    /// <summary>Until the data was moved into the store to the last rung.</summary>
    public void Open() => Until(() => IsIn);

    /// <summary>How the shared place encrypts from now on; null: under nobody's key.</summary>
    public void Encrypts(string? keyId, string algorithm = "aws:kms")
    {
        Store.Shared.Default = keyId is null
            ? new SharedDefault(KeyRef.StoreManaged, null, BucketKey: false)
            : new SharedDefault(algorithm, keyId, BucketKey: false);
        tell?.Invoke($"-- the shared place encrypts by {keyId ?? KeyRef.StoreManaged}");
    }

    /// <summary>The key is taken out of the store, or the store is deleted with the policy that sends its data back;
    /// and that is consented to.</summary>
    public void Leave()
    {
        if (IsByDeletion)
        {
            Delete(DeletionPolicies.ReturnToShared);
        }
        else
        {
            Name(null);
        }

        Annotate(Consent);
    }

    /// <summary>The store is deleted, and what becomes of its data is said by that policy.</summary>
    public void Delete(string policy)
    {
        Settle(policy);
        if (World.People.Store(Store) is not null && !World.People.IsDeleting(Store))
        {
            World.People.Delete<EncryptedStore>(Store.Store);
            tell?.Invoke("-- somebody deletes the store");
        }
    }

    /// <summary>What is to become of the data, before the deletion or while it lasts.</summary>
    public void Settle(string policy)
    {
        if (World.People.Store(Store) is not null)
        {
            WasRetainSaid |= policy == DeletionPolicies.Retain;
            World.People.SetDeletionPolicy(Store, policy);
            tell?.Invoke($"-- the deletion policy is {policy}");
        }
    }

    /// <summary>Null takes the key out of the store.</summary>
    public void Name(string? key)
    {
        if (World.People.Store(Store) is null)
        {
            return;
        }

        World.People.NameKey(Store, key);
        tell?.Invoke(key is null ? "-- somebody takes the key out of the store" : "-- somebody names the key again");
    }

    /// <summary>What somebody types as consent.</summary>
    public void Annotate(string? consent)
    {
        if (World.People.Store(Store) is null)
        {
            return;
        }

        World.People.Annotate(Store, Labels.ConfirmReturn, consent);
        tell?.Invoke($"-- the consent says {consent ?? "nothing"}");
    }

    /// <summary>Everything gets on, without faults; the laws hold at each.</summary>
    public void Turns(int times, bool withPods = true)
    {
        for (var turn = 0; turn < times; turn++)
        {
            Pass();
            Operator.ReconcileKey(Store, rough: false);
            Operator.ReconcileStore(Store, rough: false);
            if (withPods)
            {
                Pods.GetOn(isRough: false);
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

    /// <summary>A person deletes what a return copied and nobody guards any more.</summary>
    public void EmptyShared()
    {
        if (!Clients.IsBack)
        {
            Store.Shared.Under(Store.Prefix).ToList().ForEach(Store.Shared.Remove);
        }
    }

    /// <summary>A person takes the operator's record of the store away.</summary>
    public void RecordLost() => laws.RecordLost();

    public void Pass() => World.Time.Advance(tick);

    public void Check()
    {
        Clients.Check();
        laws.Check();
        Operator.ForgetVersions();
        World.Time.DemandOneThread();
    }
}
