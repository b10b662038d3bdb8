using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>Performs what touches imported keys, each on a live look at its precondition.
/// The leadership fence was asked before.</summary>
internal sealed class ImportActs(OperatorContext around, KeyRecords records, KeyLiveReads live, UploadReader uploads)
{
    /// <summary>The longest that clouds offer: time for a person to notice.</summary>
    private static readonly TimeSpan deletionWindow = TimeSpan.FromDays(30);

    /// <summary>The part of the settling time within which a creation must begin:
    /// what is left is what a list may lag behind.</summary>
    private const int PromptlyInSettling = 4;

    private readonly KeyAdoption adoption = new(around, records);
    private readonly AuthorityGate authority = new(around);
    private readonly MaterialActs materials = new(around, records, live, uploads);

    private IImportedKeys Keys => around.Cloud.Imported;

    public Task PerformAsync(TenantEncryptionKey key, KeyAct act, CancellationToken cancellation) =>
        DoAsync(around.Cluster.Named(key), act, cancellation);

    private Task DoAsync(TenantEncryptionKey key, KeyAct act, CancellationToken cancellation) => act switch
    {
        KeyAct.Adopt adopt => adoption.AdoptAsync(key, adopt.Origin, cancellation),
        KeyAct.CreateKey create => CreateAsync(key, create, cancellation),
        KeyAct.ResumeCreation resume => ResumeAsync(key, resume, cancellation),
        KeyAct.SweepKeys sweep => SweepAsync(key, sweep, cancellation),
        KeyAct.ImportMaterial import => materials.ImportAsync(key, import, cancellation),
        KeyAct.NoteMaterial note =>
            records.NoteMaterialAsync(key, note.Region, note.Generation, note.MaterialId, cancellation),
        KeyAct.ImportNewMaterial import => materials.ImportNewAsync(key, import, cancellation),
        KeyAct.RotateMaterial rotate => materials.RotateAsync(key, rotate, cancellation),
        KeyAct.WithdrawMaterial withdraw => materials.WithdrawAsync(key, withdraw, cancellation),
        KeyAct.DestroyKey destroy => DestroyAsync(key, destroy, cancellation),
        _ => throw new UnreachableException(act.GetType().Name),
    };

    private async Task CreateAsync(TenantEncryptionKey key, KeyAct.CreateKey create, CancellationToken cancellation)
    {
        // The note counts from the decision. Written late,
        // it would be believed before the cloud lists the key that it stands for.
        if (around.Time.GetUtcNow() - create.Since > around.Options.CloudSettling / PromptlyInSettling)
        {
            throw new RefusedActException("DecisionTooOld",
                "too much time has passed since this was decided: decided anew");
        }

        if (await live.ObjectAsync(key,
            cancellation) is not { Metadata.DeletionTimestamp: null,
                Spec: { Imported: not null, State: not KeyStates.Revoked } })
        {
            throw new RefusedActException("SpecChanged", "the object does not ask for this key any more");
        }

        await adoption.DemandNoneEarlierAsync(key, create.Region, cancellation);
        var binding = await authority.BindingAsync(key.Tenant, cancellation);
        await records.NoteCreationAsync(key, create.Region, create.Since, cancellation);
        await DemandNoteAsync(key, create.Region, create.Since, cancellation);
        var place = ImportObserver.PlaceOf(key, create.Region);
        var made = await Keys.CreateAsync(place, binding.Workloads, cancellation);
        if (await Keys.NameAsync(place, made.Key, cancellation) is NamingOutcome.Named
            && await Keys.FindAsync(place, cancellation) is not null)
        {
            // A name that can't be seen yet leads a deletion to nothing: until it can, the note says that a key stands.
            await ForgetNoteAsync(key, create.Region, create.Since, cancellation);
        }
    }

    private async Task ResumeAsync(
        TenantEncryptionKey key, KeyAct.ResumeCreation resume, CancellationToken cancellation)
    {
        await DemandNoteAsync(key, resume.Region, resume.Since, cancellation);
        var place = ImportObserver.PlaceOf(key, resume.Region);
        var left = (await Keys.ScanAsync(place, cancellation))
            .FirstOrDefault(one => one.State != ImportedKeyState.PendingDeletion);
        if (left is not null)
        {
            await Keys.NameAsync(place, left.Key, cancellation); // the note stays until everything else was swept
        }
        else if (around.Time.GetUtcNow() - resume.Since > around.Options.CloudSettling)
        {
            await ForgetNoteAsync(key, resume.Region, resume.Since, cancellation);
        }
        else
        {
            throw new RefusedActException("CreationNotSettled",
                "a creation was interrupted, and the cloud may not list yet what it left: looked for again");
        }
    }

    private async Task SweepAsync(TenantEncryptionKey key, KeyAct.SweepKeys sweep, CancellationToken cancellation)
    {
        await DemandNoteAsync(key, sweep.Region, sweep.Since, cancellation);
        var place = ImportObserver.PlaceOf(key, sweep.Region);
        var named = await Keys.FindAsync(place, cancellation);
        if (named is { State: not ImportedKeyState.PendingDeletion } && named.Key.Id != sweep.Keep)
        {
            throw new RefusedActException("KeyRenamed", "the key's name stands on another key than was seen");
        }

        foreach (var one in await Keys.ScanAsync(place, cancellation))
        {
            if (one.Key.Id != sweep.Keep && one.State != ImportedKeyState.PendingDeletion)
            {
                await Keys.ScheduleDeletionAsync(place, one.Key, deletionWindow, cancellation);
            }
        }

        await ForgetNoteAsync(key, sweep.Region, sweep.Since, cancellation);
    }

    private async Task DestroyAsync(TenantEncryptionKey key, KeyAct.DestroyKey destroy, CancellationToken cancellation)
    {
        if (around.Cluster.TakeoverOf(key) is not null
            || (key.IsRecordedOnly && await live.HasSuccessorAsync(key, cancellation)))
        {
            throw new RefusedActException("KeyInUse", "it is another object's of that name, or may become it");
        }

        if (key.IsRecordedOnly ? await live.IsHeldAsync(key, cancellation) : await IsUsedAsync(key, cancellation))
        {
            throw new RefusedActException("KeyInUse", "a store or a retained bucket still needs the key");
        }

        var (place, reference) =
            (ImportObserver.PlaceOf(key, destroy.Region), KeyRefs.Of(key, destroy.Region, destroy.KeyId));
        await Keys.DeleteMaterialAsync(place, reference, cancellation);
        await Keys.ScheduleDeletionAsync(place, reference, deletionWindow, cancellation);
    }

    private async Task<bool> IsUsedAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var glance = around.FactReader.At(cancellation);
        var (users, retained) = (await live.UsersAsync(key, glance), await live.RetainedAsync(key, glance));
        return users.Blindness is not null || users.ForDisplay() is not []
            || retained.Blindness is not null || retained.ForDisplay() is not [];
    }

    private async Task DemandNoteAsync(
        TenantEncryptionKey key, string region, DateTimeOffset since, CancellationToken cancellation)
    {
        if ((await records.ReadAsync(key, cancellation)).Trusted?.In(region).CreatingSince != since)
        {
            throw new RefusedActException("NoteChanged", "the note that this was decided on does not stand any more");
        }
    }

    private Task ForgetNoteAsync(
        TenantEncryptionKey key, string region, DateTimeOffset since, CancellationToken cancellation) =>
        records.ForgetCreationAsync(key, region, since, cancellation);
}
