using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Clouds;
using Simulation.Real.Operators;

namespace Simulation.Real;

/// <summary>What tenants, people and garbage collectors do meanwhile; and, in the end,
/// what only people can mend.</summary>
internal sealed class Mischief(World world, Rng rng, Conductor operating)
{
    /// <summary>None of them says a word about the key.</summary>
    private static readonly string[] silences = ["Unreachable", "OwnAccessDenied", "XksProxyRequestRate"];

    private readonly Dictionary<Home, (JsonObject Record, int Material)> backups = [];
    private readonly Sabotage sabotage = new(world, rng);

    public Action<string>? Tell { get; init; }

    public void Happens(Home home)
    {
        switch (rng.Next(28))
        {
            case 0: home.CloudKey.IsDisabled =
                !home.CloudKey.IsDisabled; Told(home, "the tenant disables or enables the key"); break;
            case 1: home.CloudKey.Silence = home.CloudKey.IsUnreachable ? null
                : silences[rng.Next(silences.Length)]; Told(home, "the KMS becomes unreachable or reachable"); break;
            case 2 when rng.Once(2)
                && !home.IsImported: home.CloudKey.Material = 3
                    - home.CloudKey.Material; Told(home, "other material stands under the key's id"); break;
            case 3 when world.People.Key(home) is { } key: ChangeState(home, (string?)key["spec"]!["state"]); break;
            case 4: Better(home); break;
            case 5 when rng.Once(3): DeleteRecord(home); break;
            case 6
                when home.Fence is not null: home.Shared.Fences.Remove(home.Uid!); home.FenceIsLiftedByHand =
                    true; Told(home, "a person lifts the fence"); break;
            case 7
                when world.People.Binding(home) is not null: world.People.Delete<ConfigMap>(
                    new ObjectKey(home.Namespace, home.Binding)); Told(home, "a person deletes the binding"); break;
            case 8
                when world.People.Jobs(home) is [var job,
                    ..]: world.People.Delete<Job>(
                        new ObjectKey(World.OperatorNamespace, (string)job["metadata"]!["name"]!)); Told(home,
                            "a person deletes a Job"); break;
            case 9 when home.IsOurs: home.Target!.HasDrift = true; Told(home, "a person edits the bucket"); break;
            case 10 when home.IsOurs && home.PinnedMaterial != 0
                && rng.Once(2): home.Target!.IsDenied = true; Told(home, "a person denies the bucket"); break;
            case 11: Scale(home); Told(home, "a person scales the workloads up"); break;
            case 12 when world.People.Store(home) is { } store: Pause(home, store); break;
            case 13 when rng.Once(6)
                && world.People.Store(home) is not null: world.People.Delete<EncryptedStore>(home.Store); Told(home,
                    "a person deletes the store"); break;
            case 14 when rng.Once(3) && world.People.Key(home) is { } key
                && IsClaimed(key): world.People.Delete<TenantEncryptionKey>(home.Key); Told(home,
                    "a person deletes the key"); break;
            case 15 when rng.Once(4) && world.People.Key(home) is not null: ForceDeleteKey(home); break;
            case 16: Apply(home); break;
            case 17 when IsDeleting(home) && rng.Once(2): Confirm(home); break;
            case 18 when world.People.Find<ConfigMap>(home.Namespace, KeyPolicyMap.NameFor(home.Key.Name)) is not null:
                world.People.Delete<ConfigMap>(new ObjectKey(home.Namespace, KeyPolicyMap.NameFor(home.Key.Name)));
                Told(home, "a person deletes the policy document");
                break;
            case 19
                when home.IsGranted: home.CloudKey.Grants.Clear(); Told(home, "the tenant takes the grant away"); break;
            case > 25: GiveOrTake(home); break;
            case > 19 when sabotage.Happens(home) is { } done: Told(home, done); break;
            default: break;
        }
    }

    /// <summary>Faults stop: people take back what they did, for nobody else can.</summary>
    public void Fix(Home home, bool endsRevoked)
    {
        Remember(home);
        Told(home, "faults stop");
        sabotage.Fix(home);
        world.People.Give(home);
        Apply(home);
        Better(home);
        if (world.People.Store(home) is not null)
        {
            world.People.Annotate(home, Labels.Paused, null);
            if (IsDeleting(home))
            {
                Confirm(home);
            }
        }

        if (world.People.Running(home) == 0 && !world.People.IsSuspended(home))
        {
            Scale(home);
        }

        foreach (var job in world.People.Jobs(home)
            .Where(job =>
                job["status"]?["conditions"] is JsonArray all && all.Any(one => (string?)one!["type"] == "Failed")))
        {
            world.People.Delete<Job>(new ObjectKey(World.OperatorNamespace, (string)job["metadata"]!["name"]!));
        }

        MendCanary(home);
        home.CloudKey.IsDisabled = endsRevoked && !home.IsImported;
        MendStrays(home);
    }

    /// <summary>What was written past the fence is moved by whoever lifted it.</summary>
    public static void MendStrays(Home home)
    {
        foreach (var stray in home.Orphans)
        {
            home.Shared.Remove(stray);
        }

        home.Orphans.Clear();
    }

    /// <summary>Backups are made all the time; what counts is the canary that the data was put under.</summary>
    public void Remember(Home home)
    {
        if ((home.PinnedMaterial == 0 || !backups.ContainsKey(home))
            && world.People.CanaryMaterial(home) is { } material)
        {
            backups[home] = (world.People.KeyRecord(home)!, material);
        }
    }

    private void MendCanary(Home home)
    {
        var (pinned, record, backup) =
            (home.PinnedMaterial, world.People.KeyRecord(home), backups.GetValueOrDefault(home));
        // of an imported one nothing is set so
        home.CloudKey.Material = pinned != 0 ? pinned : backup.Record is not null ? backup.Material
            : home.CloudKey.Material;
        // no material of an imported one may be lost, and come back
        var wanted = home.IsImported ? pinned : home.CloudKey.Material;
        var isAnother = pinned != 0 && record is not null && backup.Record is { } first
            && Kubernetes.People.CanaryOf(record) != Kubernetes.People.CanaryOf(first);
        if (record is null || (wanted != 0 && world.People.CanaryMaterial(home) != wanted) || isAnother)
        {
            DeleteRecord(home);
            if (pinned != 0 && backup.Record is { } whole
                && ((string)whole["metadata"]!["name"]!).EndsWith(UidOf(home), StringComparison.Ordinal))
            {
                world.People.Restore(whole); // from a backup
            }
        }
    }

    /// <summary>A backup is of one object; another one of its name is not helped by it.</summary>
    private string UidOf(Home home) => (string?)world.People.Key(home)?["metadata"]!["uid"] ?? "nobody";

    private void Better(Home home)
    {
        (home.CloudKey.IsDisabled, home.CloudKey.Silence) = (false, null);
        if (!home.IsImported)
        {
            home.CloudKey.Material = home.PinnedMaterial != 0 ? home.PinnedMaterial
                : backups.TryGetValue(home, out var first) ? first.Material : 1;
        }

        if (world.People.Key(home) is not null)
        {
            world.People.SetState(home, KeyStates.Active);
        }

        Told(home, "the tenant's key is what it was");
    }

    private void ChangeState(Home home, string? state)
    {
        world.People.SetState(home, state == KeyStates.Active ? KeyStates.Revoked : KeyStates.Active);
        Told(home, "the tenant changes spec.state");
    }

    private void DeleteRecord(Home home)
    {
        world.RecordLost?.Invoke(home, false);
        world.People.ForgetKeyRecord(home);
        home.CanaryWasDeleted = true;
        operating.KnownOf(home).UnknownMarkedAt = null;
        Told(home, "a person deletes the key's record");
    }

    private void GiveOrTake(Home home)
    {
        if (home.IsGiven)
        {
            world.People.TakeBack(home);
            Told(home, "the platform takes back what it gave");
            return;
        }

        world.People.Give(home);
        Told(home, "the platform gives it again");
    }

    private void Scale(Home home) => world.People.Patch<Deployment>(
        new ObjectKey(home.Namespace, Kubernetes.People.Workload),
        new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 2 } });

    private void Pause(Home home, JsonObject store)
    {
        world.People.Annotate(home, Labels.Paused, (string?)store["metadata"]!["annotations"]?[Labels.Paused] is null
            ? "true" : null);
        Told(home, "a person pauses or resumes the store");
    }

    private void Confirm(Home home)
    {
        world.People.Annotate(home, Labels.ConfirmDelete, home.Store.Name);
        home.IsDeletionConfirmed = true;
        Told(home, "a person confirms the deletion");
    }

    private void ForceDeleteKey(Home home)
    {
        world.People.DeleteKeyByForce(home);
        home.KeyWasForced = home.PinnedMaterial != 0;
        operating.KnownOf(home).UnknownMarkedAt = null;
        Told(home, "a person deletes the key by force");
    }

    private void Apply(Home home)
    {
        if (world.People.Key(home) is null && world.People.Store(home) is not null)
        {
            world.People.ApplyKey(home);
            Told(home, "a person applies the key");
        }
    }

    private bool IsDeleting(Home home) => world.People.Store(home)?["metadata"]!["deletionTimestamp"] is not null;

    private static bool IsClaimed(JsonObject json) => json["metadata"]!["finalizers"] is JsonArray { Count: > 0 };

    private void Told(Home home, string what) => Tell?.Invoke($"-- {home.Namespace}: {what}");
}
