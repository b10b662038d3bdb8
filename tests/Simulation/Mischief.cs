using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Stores;

namespace Simulation;

/// <summary>What tenants, people and garbage collectors do meanwhile; and, in the end, what only people can mend.</summary>
internal sealed class Mischief(Truth truth, Rng rng, Operating operating)
{
    private StoredCanary? firstCanary;
    private int firstMaterial = 1;

    public Action<string>? Tell { get; init; }

    public Living? Living { get; set; }

    public void Happens()
    {
        Remember();
        switch (rng.Next(20))
        {
            case 0: truth.IsDisabled = !truth.IsDisabled; Told("the tenant disables or enables the key"); break;
            case 1: truth.IsUnreachable = !truth.IsUnreachable; Told("the KMS becomes unreachable or reachable"); break;
            case 2 when rng.Once(2): truth.Material = 3 - truth.Material; Told("other material stands under the key's id"); break;
            case 3: truth.KeyState = truth.KeyState == KeyStates.Active ? KeyStates.Revoked : KeyStates.Active; Told("the tenant changes spec.state"); break;
            case 4: truth.IsDisabled = truth.IsUnreachable = false; truth.Material = firstMaterial; truth.KeyState = KeyStates.Active; break;
            case 5 when rng.Once(3): truth.Canary = null; truth.UnknownSince = truth.RevokedSince = null; operating.Known.UnknownMarkedAt = null; Told("a person deletes the canary"); break;
            case 6 when truth.Fence is not null: truth.Fence = null; LiftedByHand(); Told("a person lifts the fence"); break;
            case 7: truth.Binding = null; Told("a person deletes the binding"); break;
            case 8 when truth.Jobs.Count > 0: truth.Jobs.RemoveAt(rng.Next(truth.Jobs.Count)); Told("a person deletes a Job"); break;
            case 9 when truth.Ownership is TargetOwnership.Ours: truth.HasDrift = true; Told("a person edits the bucket"); break;
            case 10 when truth.Ownership is TargetOwnership.Ours && truth.Pin is not null && rng.Once(2): truth.IsDenied = true; Told("a person denies the bucket"); break;
            case 11: truth.Running += truth.Suspended; truth.Suspended = 0; Told("a person scales the workloads up"); break;
            case 12: truth.IsPaused = !truth.IsPaused; Told("a person pauses or resumes the store"); break;
            case 13 when rng.Once(6): DeleteStore(); break;
            case 14 when rng.Once(3): truth.KeyIsDeleting = truth.KeyIsClaimed; Told("a person deletes the key"); break;
            case 15 when rng.Once(4): ForceDeleteKey(); break;
            case 16: Apply(); break;
            case 17 when truth.StoreIsDeleting && rng.Once(2): truth.IsDeletionConfirmed = true; Told("a person confirms the deletion"); break;
            case 18: truth.PolicyStands = false; Told("a person deletes the policy document"); break;
            case 19: truth.IsGranted = false; Told("the tenant takes the grant away"); break;
            default: break;
        }
    }

    /// <summary>Faults stop: people take back what they did, for nobody else can.</summary>
    public void Mend(bool endsRevoked)
    {
        Remember();
        Told("faults stop");
        Apply();
        truth.IsUnreachable = false;
        truth.IsPaused = false;
        truth.KeyState = KeyStates.Active;
        truth.IsDeletionConfirmed |= truth.StoreIsDeleting;
        truth.Running += truth.Suspended > 0 ? 0 : Truth.Workloads - truth.Running;
        truth.Jobs.RemoveAll(job => job.IsFailed);
        truth.Material = truth.Pin is null ? truth.Material : truth.PinMaterial;
        if (truth.Pin is { } pin && (truth.Canary is null || !truth.Canary.Pin.IsSameKeyAs(pin) || truth.CanaryMaterial != truth.Material))
        {
            truth.Canary = new StoredCanary(pin.KeyId, pin.MaterialId, pin.CanaryDigest); // from a backup
            truth.CanaryMaterial = truth.PinMaterial;
        }
        else if (truth.Canary is not null && truth.CanaryMaterial != truth.Material)
        {
            truth.Canary = null;
        }

        truth.IsDisabled = endsRevoked;
        MendStrays();
    }

    /// <summary>What was written past the fence is moved by whoever lifted it.</summary>
    public void MendStrays()
    {
        foreach (var stray in truth.Strays)
        {
            truth.Source.Versions.Remove(stray);
        }

        truth.Strays.Clear();
    }

    private void Remember()
    {
        if (firstCanary is null && truth.Canary is { } canary)
        {
            firstCanary = canary;
            firstMaterial = truth.CanaryMaterial;
        }
    }

    // Without our finalizer on it, an object is gone at once.
    private void DeleteStore()
    {
        truth.StoreIsDeleting = true;
        truth.StoreExists = truth.StoreIsClaimed;
        Told("a person deletes the store");
    }

    private void ForceDeleteKey()
    {
        if (truth.KeyExists)
        {
            truth.KeyExists = false;
            truth.KeyIsClaimed = false;
            truth.KeyIsDeleting = false;
            truth.Canary = null;
            truth.UnknownSince = truth.RevokedSince = null;
            truth.IsRetained = false;
            operating.Known.UnknownMarkedAt = null;
            Told("a person deletes the key by force");
        }
    }

    private void Apply()
    {
        if (!truth.KeyExists && truth.StoreExists)
        {
            truth.KeyExists = true;
            Told("a person applies the key");
        }
    }

    private void LiftedByHand()
    {
        if (Living is { } living)
        {
            living.FenceIsLiftedByHand = true;
        }
    }

    private void Told(string what) => Tell?.Invoke($"-- {what}");
}
