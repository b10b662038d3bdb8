using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;

namespace Simulation.Real.Returns;

/// <summary>What a tenant, the platform and others do while a store's data goes back; and, in the end,
/// what only people can mend.</summary>
internal sealed class ReturnMischief(ReturnStage stage, Rng rng)
{
    private static readonly string[] silences = ["Unreachable", "OwnAccessDenied", "XksProxyRequestRate"];
    private static readonly string[] misspelt = ["data", "Data/key", "data/other", "key/data", "data/key "];

    private readonly Sabotage sabotage = new(stage.World, rng);
    private JsonObject? lost;

    public Action<string>? Tell { get; init; }

    private World World => stage.World;

    private Home Store => stage.Store;

    public void Happens()
    {
        switch (rng.Next(40))
        {
            case < 6: stage.Leave(); break;
            case 6 when stage.IsByDeletion: stage.Settle(DeletionPolicies.ReturnToShared); break;
            case 6: stage.Name(null); break;
            case 7 when stage.IsByDeletion: NameOrNot(); break;
            case 8 when stage.IsByDeletion: Retain(); break;
            case 7 or 8: stage.Name(Store.Key.Name); break;
            case 9: stage.Annotate(misspelt[rng.Next(misspelt.Length)]); break;
            case 10: stage.Annotate(null); break;
            case 11: Toggle(); break;
            case 12 or 13: Better(); break;
            case 14: Silence(); break;
            case 15: SetState(KeyStates.Revoked); break;
            case 16: Replace(); break;
            case 17 or 18: Encrypts(); break;
            case 19 when stage.IsHeld: LiftHold(); break;
            case 20 when Store.Target is { Fences.Count: > 0 }: LiftFence(); break;
            case 21 when rng.Once(2): Delete<ConfigMap>(Store.Namespace, Store.Binding, "the binding"); break;
            case 22 when World.People.Jobs(Store) is [var job, ..]:
                Delete<Job>(World.OperatorNamespace, (string)job["metadata"]!["name"]!, "a Job");
                break;
            case 23 when Store.IsOurs: Store.Target!.HasDrift = true; Told("a person edits the bucket"); break;
            case 24 when Store.IsOurs
                && Store.PinnedMaterial != 0: Store.Target!.IsDenied = true; Told("a person denies the bucket"); break;
            case 25 or 26
                when stage.Clients.Intrude(rng.Next(Home.Objects + 1)): Told(
                    "somebody writes into the shared place"); break;
            case 27
                when rng.Once(2): stage.Clients.PutBeside(); Told("somebody puts an object beside the prefix"); break;
            case 28 or 29: stage.Clients.TakeAway(); Told("what was in the way is taken away"); break;
            case 30: Scale(); break;
            case 31: Pause(); break;
            case 32: GiveOrTake(); break;
            case 33: Store.Shared.RefusesFences =
                !Store.Shared.RefusesFences; Told("the shared place's policy is full, or not"); break;
            case 34 when rng.Once(3): LoseRecord(); break;
            case 35: FindRecord(); break;
            case > 36 when sabotage.Happens(Store) is { } done: Told(done); break;
            default: break;
        }
    }

    /// <summary>Faults stop: people take back what they did, for nobody else can.</summary>
    public void Fix()
    {
        Told("faults stop");
        sabotage.Fix(Store);
        FindRecord();
        World.People.Give(Store);
        Better();
        MendCanary();
        Store.Shared.RefusesFences = false;
        stage.Clients.TakeAway();
        Scale();
        if (World.People.Store(Store) is not null)
        {
            World.People.Annotate(Store, Labels.Paused, null);
        }

        EndFailedJobs();
        if (Store.Shared.Default is { KeyId: { } key } by
            && (by.Algorithm != "aws:kms" || !ReturnStage.PlatformKeys.Contains(key)))
        {
            stage.Encrypts(ReturnStage.PlatformKeys[0]);
        }
    }

    /// <summary>As the sentences say: failed Jobs are deleted once what they name was seen to.</summary>
    public void EndFailedJobs()
    {
        foreach (var job in World.People.Jobs(Store).Where(HasFailed))
        {
            Delete<Job>(World.OperatorNamespace, (string)job["metadata"]!["name"]!, "a failed Job");
        }
    }

    /// <summary>The tenant's key is what it was, and wanted.</summary>
    public void Better()
    {
        (Store.CloudKey.IsDisabled, Store.CloudKey.Silence, Store.CloudKey.Material) = (false, null, 1);
        ReturnStage.PlatformKeys.ToList().ForEach(key => World.Account.Keys[key].IsDisabled = false);
        SetState(KeyStates.Active);
    }

    private static bool HasFailed(JsonObject job) =>
        job["status"]?["conditions"] is JsonArray all && all.Any(one => (string?)one!["type"] == "Failed");

    /// <summary>The data may go back without a deletion too: a deletion finds that begun, or finds another key
    /// named.</summary>
    private void NameOrNot()
    {
        if (!World.People.IsDeleting(Store))
        {
            stage.Name(rng.Once(2) ? null : Store.Key.Name);
        }
    }

    /// <summary>Somebody changes his mind while the store is being deleted; seldom, for then there may be no
    /// way back.</summary>
    private void Retain()
    {
        if (!World.People.IsDeleting(Store) || rng.Once(3))
        {
            stage.Settle(DeletionPolicies.Retain);
        }
    }

    private void Toggle()
    {
        var key = rng.Once(4) ? World.Account.Keys[ReturnStage.PlatformKeys[0]] : Store.CloudKey;
        key.IsDisabled = !key.IsDisabled;
        Told($"{key.Arn} is disabled or enabled");
    }

    private void Silence()
    {
        Store.CloudKey.Silence = Store.CloudKey.IsUnreachable ? null : silences[rng.Next(silences.Length)];
        Told("the KMS says nothing, or answers");
    }

    private void Replace()
    {
        Store.CloudKey.Material = 3 - Store.CloudKey.Material;
        Told("other material stands under the key's id, or the first again");
    }

    /// <summary>By the platform's own, by a tenant's, or in a way that nobody could prove.</summary>
    private void Encrypts()
    {
        switch (rng.Next(6))
        {
            case < 2: stage.Encrypts(null); break;
            case < 4: stage.Encrypts(ReturnStage.PlatformKeys[rng.Next(2)]); break;
            case 4: stage.Encrypts(Store.CloudKey.Arn); break;
            default: stage.Encrypts(ReturnStage.PlatformKeys[0], "aws:kms:dsse"); break;
        }
    }

    private void SetState(string state)
    {
        World.People.SetState(Store, state);
        Told($"the key is {state}");
    }

    private void LiftHold()
    {
        Store.Shared.Fences.Remove(ReturnStage.HoldOf(Store));
        Told("a person takes the hold off the shared place");
    }

    private void LiftFence()
    {
        stage.Clients.FenceIsLiftedByHand = true;
        Store.Target!.Fences.Clear();
        Told("a person lifts the store's fence");
    }

    private void Pause()
    {
        if (World.People.Store(Store) is null)
        {
            return;
        }

        var isPaused = (string?)World.People.Store(Store)!["metadata"]!["annotations"]?[Labels.Paused] is not null;
        World.People.Annotate(Store, Labels.Paused, isPaused ? null : "true");
        Told("a person pauses or resumes the store");
    }

    private void GiveOrTake()
    {
        if (Store.IsGiven)
        {
            World.People.TakeBack(Store);
            Told("the platform takes back what it gave");
            return;
        }

        World.People.Give(Store);
        Told("the platform gives it again");
    }

    private void LoseRecord()
    {
        var record = World.People.Records(Store).FirstOrDefault(one =>
            ((string)one["metadata"]!["name"]!).StartsWith("store.", StringComparison.Ordinal)
                && !World.People.IsHurt(one));
        if (record is not null && lost is null)
        {
            lost = record.DeepClone().AsObject();
            stage.RecordLost();
            Delete<ConfigMap>(World.OperatorNamespace, (string)record["metadata"]!["name"]!, "the store's record");
        }
    }

    /// <summary>From a backup of that moment, unless another was made since, or the store is out of it.</summary>
    private void FindRecord()
    {
        if (lost is { } record
            && World.People.Records(Store)
                .All(one => (string)one["metadata"]!["name"]! != (string)record["metadata"]!["name"]!)
            && Store.HoldsData)
        {
            World.People.Restore(record);
            Told("the store's record is put back");
        }

        lost = null;
    }

    private void MendCanary()
    {
        if (World.People.CanaryMaterial(Store) is { } material && Store.PinnedMaterial != 0
            && material != Store.PinnedMaterial)
        {
            throw new InvalidOperationException("a canary of another key stands");
        }
    }

    private void Scale() => World.People.Patch<Deployment>(
        new ObjectKey(Store.Namespace, Kubernetes.People.Workload),
        new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 2 } });

    private void Delete<T>(string ns, string name, string what)
        where T : class, IResource<T>
    {
        if (World.People.Find<T>(ns, name) is not null)
        {
            World.People.Delete<T>(new ObjectKey(ns, name));
            Told($"a person deletes {what}");
        }
    }

    private void Told(string what) => Tell?.Invoke($"-- {what}");
}
