using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Keys;

namespace Simulation.Imports;

/// <summary>Performs acts as their contracts say: each precondition is looked at live, and each call may be the last.</summary>
internal sealed class ImportPerforming(ImportTruth truth, Rng rng, ImportBug bug)
{
    private const int CrashOneIn = 10;
    private const int SlowNameOneIn = 6;

    private bool faulty;

    public void Perform(KeyAct act, bool faults)
    {
        faulty = faults;
        try
        {
            if (truth.KeyExists)
            {
                Do(act);
            }
        }
        catch (CrashedException)
        {
            // What was done until then is done.
        }
    }

    private void Do(KeyAct act)
    {
        switch (act)
        {
            case KeyAct.Claim: truth.IsClaimed = !truth.IsDeleting || truth.IsClaimed; break;
            case KeyAct.SaveCanary save: truth[save.Region].Canary ??= new StoredCanary(save.Canary, null, $"c-{save.Canary}"); break;
            case KeyAct.StartClock start: truth[start.Region].Clocks[start.Clock] ??= start.Since; break;
            case KeyAct.StopClock stop when truth[stop.Region].Clocks[stop.Clock] == stop.Since: truth[stop.Region].Clocks[stop.Clock] = null; break;
            case KeyAct.StopClock: break;
            case KeyAct.CreateKey create: Create(truth[create.Region], create.Since); break;
            case KeyAct.ResumeCreation resume: Resume(truth[resume.Region], resume.Since); break;
            case KeyAct.SweepKeys sweep: Sweep(truth[sweep.Region], sweep); break;
            case KeyAct.ImportMaterial import: Import(truth[import.Region], import); break;
            case KeyAct.WithdrawMaterial withdraw: Withdraw(truth[withdraw.Region], withdraw.KeyId); break;
            case KeyAct.DestroyKey destroy: Destroy(truth[destroy.Region], destroy.KeyId); break;
            case KeyAct.Release: Release(); break;
            default: throw new UnreachableException(act.ToString());
        }
    }

    private void Create(CloudRegion region, DateTimeOffset since)
    {
        Demand(truth is { IsDeleting: false, State: not KeyStates.Revoked });
        Demand(truth.Now - since <= ImportTruth.Settling / 4 || bug is ImportBug.OldDecisionMakesAKey);
        if (bug is not ImportBug.NoNoteBeforeCreation)
        {
            region.CreatingSince ??= since;
            Demand(region.CreatingSince == since);
        }

        Call(region);
        var key = region.Make(truth.Now + (ImportTruth.Settling * rng.Next(75) / 100));
        if (bug is ImportBug.NoteGoesBeforeTheName)
        {
            region.CreatingSince = null;
        }

        Call(region);
        if (region.TryName(key, truth.Now + TimeSpan.FromSeconds(faulty && rng.Once(SlowNameOneIn) ? 6 : 0))
            && region.NameSeenAt <= truth.Now)
        {
            Forget(region, since);
        }
    }

    private void Resume(CloudRegion region, DateTimeOffset since)
    {
        Demand(region.CreatingSince == since);
        Call(region);
        if (Listed(region).FirstOrDefault() is { } left)
        {
            Call(region);
            region.TryName(left, truth.Now);
        }
        else if (truth.Now - since > ImportTruth.Settling || bug is ImportBug.EmptyListCountsAtOnce)
        {
            Forget(region, since);
        }
    }

    private void Sweep(CloudRegion region, KeyAct.SweepKeys sweep)
    {
        Demand(region.CreatingSince == sweep.Since);
        Demand(region.Named is not { IsAlive: true } named || named.Id == sweep.Keep);
        foreach (var key in Listed(region).Where(key => key.Id != sweep.Keep).ToList())
        {
            Call(region);
            key.IsAlive = false;
        }

        Forget(region, sweep.Since);
    }

    private void Import(CloudRegion region, KeyAct.ImportMaterial import)
    {
        Demand(truth.State != KeyStates.Revoked || bug is ImportBug.ImportsThoughRevoked);
        Demand(truth.Upload != 0);
        Demand(ImportTruth.FingerprintOf(truth.Upload) == import.Fingerprint || bug is ImportBug.ImportsWhatStandsThere);
        if (bug is not ImportBug.RemembersMaterialAfterImport)
        {
            truth.Fingerprint ??= import.Fingerprint;
            Demand(truth.Fingerprint == import.Fingerprint);
        }

        Call(region);
        if (region.Keys.Find(key => key.Id == import.KeyId) is { IsAlive: true } key && (key.BoundTo == 0 || key.BoundTo == truth.Upload))
        {
            truth.Imported(truth.Upload);
            key.Material = key.BoundTo = truth.Upload;
        }

        Call(region);
        truth.Fingerprint ??= import.Fingerprint;
    }

    private void Withdraw(CloudRegion region, string id)
    {
        Demand(truth.State == KeyStates.Revoked);
        Call(region);
        region.Keys.First(key => key.Id == id).Material = 0;
    }

    private void Destroy(CloudRegion region, string id)
    {
        Demand(!truth.HasUser || bug is ImportBug.DestroysAKeyInUse);
        Call(region);
        if (truth.HasUser)
        {
            throw new LawBrokenException("7", "a key was destroyed that a store uses");
        }

        var key = region.Keys.First(key => key.Id == id);
        key.Material = 0;
        Call(region);
        key.IsAlive = false;
    }

    private void Release()
    {
        Demand(truth is { IsDeleting: true, HasUser: false });
        truth.IsClaimed = truth.KeyExists = false;
    }

    private void Forget(CloudRegion region, DateTimeOffset since)
    {
        Call(region: null);
        region.CreatingSince = region.CreatingSince == since ? null : region.CreatingSince;
    }

    private List<CloudKey> Listed(CloudRegion region) => [.. region.Keys.Where(key => key.IsAlive && key.ListedAt <= truth.Now)];

    private static void Demand(bool holds)
    {
        if (!holds)
        {
            throw new CrashedException(); // refused: nothing more of this act happens
        }
    }

    private void Call(CloudRegion? region)
    {
        if (region is { IsUnreachable: true } || (faulty && rng.Once(CrashOneIn)))
        {
            throw new CrashedException();
        }
    }
}
