using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Clouds;

namespace Simulation.Real.Changes;

/// <summary>What a tenant and others do while a store goes from one key to another; and, in the end,
/// what only people can mend.</summary>
internal sealed class ChangeMischief(ChangeStage stage, Rng rng)
{
    /// <summary>Another key stands under the same id: none that anything here was ever put under.</summary>
    private const int Another = 5;

    private static readonly string[] silences = ["Unreachable", "OwnAccessDenied", "XksProxyRequestRate"];

    private readonly List<Home> keys = [.. stage.Keys];

    public Action<string>? Tell { get; init; }

    private World World => stage.World;

    private Home Store => stage.Store;

    public void Happens()
    {
        var key = keys[rng.Next(keys.Count)];
        switch (rng.Next(20))
        {
            case < 6: stage.Name(key); break;
            case 6
                or 7: key.CloudKey.IsDisabled =
                    !key.CloudKey.IsDisabled; Told($"{key.Key.Name} is disabled or enabled"); break;
            case 8: key.CloudKey.Silence = key.CloudKey.IsUnreachable ? null
                : silences[rng.Next(silences.Length)]; Told(
                    $"the KMS of {key.Key.Name} says nothing, or answers"); break;
            case 9: SetState(key, rng.Once(2) ? KeyStates.Revoked : rng.Once(2) ? KeyStates.Archived
                : KeyStates.Standby); break;
            case 10 or 11: SetState(key, KeyStates.Active); break;
            case 12 when rng.Once(2): Replace(key); break;
            case 13
                when World.People.Binding(Store) is not null: World.People.Delete<ConfigMap>(
                    new ObjectKey(Store.Namespace, Store.Binding)); Told("a person deletes the binding"); break;
            case 14
                when World.People.Jobs(Store) is [var job,
                    ..]: World.People.Delete<Job>(
                        new ObjectKey(World.OperatorNamespace,
                            (string)job["metadata"]!["name"]!)); Told("a person deletes a Job"); break;
            case 15 when Store.IsOurs: Store.Target!.HasDrift = true; Told("a person edits the bucket"); break;
            case 16 when Store is { IsOurs: true, Target: StorageAccount account } && rng.Once(2):
                Meddle(account);
                break;
            case 16 when Store.IsOurs: Store.Target!.IsDenied = true; Told("a person denies the bucket"); break;
            case 17: Scale(); break;
            case 18: Keep(rng.Once(2)); break;
            case 19 when rng.Once(2) && Store.Others.FirstOrDefault() is { } other: Disturb(other); break;
            case 19
                when keys.Exists(one => one.CloudKey is { IsOff: true } or { IsUnreachable: true }): keys.ForEach(
                    Better); Told("every key is what it was"); break;
            default: break;
        }
    }

    /// <summary>Faults stop: every key is what it was, and the tenant names one for good.</summary>
    public void Fix(bool endsRevoked)
    {
        Told("faults stop");
        foreach (var key in keys)
        {
            Better(key);
            SetState(key, KeyStates.Active);
        }

        Scale();
        stage.Clients.TakeAway();
        foreach (var job in World.People.Jobs(Store)
            .Where(job =>
                job["status"]?["conditions"] is JsonArray all && all.Any(one => (string?)one!["type"] == "Failed")))
        {
            World.People.Delete<Job>(new ObjectKey(World.OperatorNamespace, (string)job["metadata"]!["name"]!));
        }

        if (endsRevoked && stage.Pinned is [_, ..] pinned)
        {
            var drawn = pinned[rng.Next(pinned.Count)];
            var revoked = keys.First(key => key.Key.Name == drawn);
            SetState(revoked, KeyStates.Revoked);
            stage.Name(revoked);
        }
    }

    public void Keep(bool keeps)
    {
        World.People.SetRotation(Store, keeps ? StoreRotation.Keep : StoreRotation.Reencrypt);
        Told(keeps ? "the tenant keeps old objects where they are" : "the tenant wants old objects under the new key");
    }

    /// <summary>One way into the account, or out of it, is changed by hand.</summary>
    private void Meddle(StorageAccount account)
    {
        switch (rng.Next(4))
        {
            case 0: account.IsNetworkShut = false; break;
            case 1: account.AllowsKeys = true; break;
            case 2: account.HasRole = !account.HasRole; break;
            default: account.Door = true; break;
        }

        Told("a person changes who gets into the account");
    }

    /// <summary>The next bucket, which holds copies alone, is deleted; the one that was left loses its fence.</summary>
    private void Disturb(Bucket other)
    {
        if (World.People.StoreRecord(Store)?["other"]?["servedAt"] is null)
        {
            World.Account.Buckets.Remove(other.Name);
            Told("somebody deletes the next bucket");
        }
        else
        {
            other.Fences.Clear(); // who writes there by an old binding is heard
            Told("a person lifts the fence of the bucket that was left");
        }
    }

    private void SetState(Home key, string state)
    {
        World.People.SetState(key, state);
        Told($"{key.Key.Name} is {state}");
    }

    private void Replace(Home key)
    {
        key.CloudKey.Material += key.CloudKey.Material % 10 == 0 ? Another : 0;
        Told($"other material stands under the id of {key.Key.Name}");
    }

    private static void Better(Home key)
    {
        (key.CloudKey.IsDisabled, key.CloudKey.Silence) = (false, null);
        key.CloudKey.Material -= key.CloudKey.Material % 10 == Another ? Another : 0;
    }

    private void Scale() => World.People.Patch<Deployment>(
        new ObjectKey(Store.Namespace, Kubernetes.People.Workload),
        new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 2 } });

    private void Told(string what) => Tell?.Invoke($"-- {what}");
}
