using System.Diagnostics;
using ByokOperator.Keys;
using ByokOperator.Stores;

namespace Simulation;

/// <summary>Performs store acts as their contracts say, and cries when one breaks a law by taking effect.</summary>
internal sealed class PerformingStore(Truth truth, Bug bug)
{
    private bool IsCareless => bug is Bug.ActsWithoutPrecondition;

    public void Perform(StoreAct act)
    {
        switch (act)
        {
            case StoreAct.Claim: truth.StoreIsClaimed |= truth.StoreExists && !truth.StoreIsDeleting; break;
            case StoreAct.Release: Release(); break;
            case StoreAct.PrepareTarget when truth.IsWanted || IsCareless: Prepare(); break;
            case StoreAct.PinKey pin when truth.Ownership is TargetOwnership.Ours && truth.Pin is null && truth.IsWanted: Pin(pin.Pin); break;
            case StoreAct.RestoreGrant restore when MayOpen(restore.While): Opens(); truth.IsGranted = true; break;
            case StoreAct.AllowTarget allow when MayOpen(allow.While) && truth.Ownership is TargetOwnership.Ours: Opens(); truth.IsDenied = false; break;
            case StoreAct.Bind bind when MayOpen(bind.While): Opens(); truth.Binding ??= new BindingFacts(bind.Binding, null); break;
            case StoreAct.ResumeWorkloads when truth.Pin is null || MayOpen(truth.Pin) || (truth.StoreIsDeleting && truth.Proves(truth.Pin)): Resume(); break;
            case StoreAct.SuspendWorkloads: truth.Suspended += truth.Running; truth.Running = 0; break;
            case StoreAct.RevokeGrant: truth.IsGranted = false; break;
            case StoreAct.DenyTarget: Deny(); break;
            case StoreAct.RemoveBinding: truth.Binding = null; break;
            case StoreAct.StopCopies: truth.Jobs.Clear(); break;
            case StoreAct.WriteReport report: truth.Report = new ReportFacts(truth.Now, null, [], report.Availability); break;
            case StoreAct.RecordRetention: truth.IsRetained = truth.KeyExists && truth.Ownership is TargetOwnership.Ours; break;
            case StoreAct.EmptyTarget when MayDelete(): Touches(); Confirmed(); Empty(); break;
            case StoreAct.DeleteTarget when MayDelete() && truth.Target.IsEmpty: Touches(); Confirmed(); Delete(); break;
            case StoreAct.PrepareTarget or StoreAct.PinKey or StoreAct.RestoreGrant or StoreAct.AllowTarget or StoreAct.Bind
                or StoreAct.ResumeWorkloads or StoreAct.EmptyTarget or StoreAct.DeleteTarget: break; // its precondition is gone
            default: throw new UnreachableException(act.ToString());
        }
    }

    /// <summary>The live look of everything that opens: the same key, usable now.</summary>
    public bool MayOpen(KeyPin pin) =>
        IsCareless || bug is Bug.ReopenOnAnotherKey or Bug.OpensBeforeAnyProof or Bug.UnknownIsUsable || (truth.IsWanted && truth.Proves(pin));

    /// <summary>Laws 1 and 4, where they would be broken.</summary>
    public void Opens()
    {
        if (truth.KeyState == ByokOperator.Api.KeyStates.Revoked || truth.IsDisabled)
        {
            throw new LawBrokenException("1", "something was opened while the key is revoked");
        }

        if (truth.Pin is not null && truth.PinMaterial != truth.Material)
        {
            throw new LawBrokenException("4", "something was opened on another key");
        }
    }

    /// <summary>Decided without a sight of the target too, so whose it is is looked up live.</summary>
    private void Deny()
    {
        if (truth.Ownership is TargetOwnership.Stranger && !IsCareless && bug is not Bug.NoOwnershipCheck)
        {
            return;
        }

        Touches();
        truth.IsDenied = truth.Ownership is TargetOwnership.Ours;
    }

    private void Prepare()
    {
        if (!IsCareless && bug is not Bug.NoOwnershipCheck && truth.Ownership is TargetOwnership.Stranger)
        {
            return;
        }

        Touches();
        truth.Ownership = TargetOwnership.Ours;
        truth.HasDrift = false;
    }

    private void Pin(KeyPin pin)
    {
        if (truth.Canary?.Pin == pin && truth.CanaryMaterial == truth.Material)
        {
            truth.Pin = pin;
            truth.PinMaterial = truth.CanaryMaterial;
        }
    }

    private void Resume()
    {
        if (truth.Suspended > 0)
        {
            if (truth.Pin is not null)
            {
                Opens();
            }

            truth.Running += truth.Suspended;
            truth.Suspended = 0;
        }
    }

    private void Touches()
    {
        if (truth.Ownership is TargetOwnership.Stranger)
        {
            throw new LawBrokenException("6", "a stranger's bucket was touched");
        }
    }

    private bool MayDelete() => IsCareless || (truth.StoreIsDeleting && truth.IsDeletionConfirmed && truth.Ownership is TargetOwnership.Ours);

    private void Confirmed()
    {
        if (!truth.IsDeletionConfirmed)
        {
            throw new LawBrokenException("5", "the tenant's data was deleted though nobody confirmed it");
        }
    }

    private void Empty()
    {
        truth.Target.Versions.RemoveRange(0, Math.Min(2, truth.Target.Versions.Count));
        if (truth.Target.IsEmpty)
        {
            truth.LastWords.Clear(); // our own records go last
        }
    }

    private void Delete()
    {
        truth.Ownership = TargetOwnership.Absent;
        truth.IsDenied = false;
        truth.Pin = null;
        truth.LastWords.Clear();
    }

    private void Release()
    {
        if (truth.StoreIsDeleting)
        {
            truth.StoreIsClaimed = false;
            truth.StoreExists = false;
        }
    }
}
