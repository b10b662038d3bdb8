using System.Diagnostics;
using ByokOperator.Keys;

namespace Simulation;

/// <summary>Performs key acts as their contracts say: each precondition is looked at live.</summary>
internal sealed class PerformingKey(Truth truth, Bug bug)
{
    public void Perform(KeyAct act)
    {
        if (!truth.KeyExists)
        {
            return;
        }

        switch (act)
        {
            case KeyAct.Claim: truth.KeyIsClaimed = !truth.KeyIsDeleting || truth.KeyIsClaimed; break;
            case KeyAct.PublishPolicy: truth.PolicyStands = true; break;
            case KeyAct.SaveCanary: SaveCanary(); break;
            case KeyAct.StartClock { Clock: Clock.Unknown } start: truth.UnknownSince ??= start.Since; break;
            case KeyAct.StartClock start: truth.RevokedSince ??= start.Since; break;
            case KeyAct.StopClock { Clock: Clock.Unknown } stop: truth.UnknownSince = truth.UnknownSince == stop.Since ? null : truth.UnknownSince; break;
            case KeyAct.StopClock stop: truth.RevokedSince = truth.RevokedSince == stop.Since ? null : truth.RevokedSince; break;
            case KeyAct.Release: Release(); break;
            default: throw new UnreachableException(act.ToString());
        }
    }

    private void SaveCanary()
    {
        if (truth.Canary is not null)
        {
            if (bug is not (Bug.CanaryOverwritten or Bug.ActsWithoutPrecondition))
            {
                return;
            }

            if (truth.CanaryMaterial != truth.Material)
            {
                throw new LawBrokenException("4", "a canary was overwritten by that of another key");
            }
        }

        if (truth.CanUseKey)
        {
            truth.CanaryMaterial = truth.Material;
            truth.Canary = new StoredCanary(Observing.KeyId, truth.TellsMaterial ? $"m{truth.Material}" : null, $"c{truth.Material}-{++truth.CanariesMinted}");
        }
    }

    private void Release()
    {
        if (truth.IsRetained && bug is Bug.KeyReleasedThoughRetained)
        {
            throw new LawBrokenException("7", "a key was let go while a retained store stands under it");
        }

        if (truth.KeyIsDeleting && !truth.StoreExists && !truth.IsRetained)
        {
            truth.KeyIsClaimed = false;
            truth.KeyExists = false;
        }
    }
}
