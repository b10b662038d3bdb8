using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Material;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>Performs what touches imported keys, each on a live look at its precondition. The leadership fence was asked before.</summary>
internal sealed class ImportActs(Surroundings around, KeyRecords records, KeyLiveReads live, UploadReader uploads)
{
    /// <summary>The longest that clouds offer: time for a person to notice.</summary>
    private static readonly TimeSpan deletionWindow = TimeSpan.FromDays(30);

    /// <summary>The part of the settling time within which a creation must begin: what is left is what a list may lag behind.</summary>
    private const int PromptlyInSettling = 4;

    private readonly KeyAdoption adoption = new(around, records);
    private readonly AuthorityGate authority = new(around);

    private IImportedKeys Keys => around.Cloud.Imported;

    public Task PerformAsync(TenantEncryptionKey key, KeyAct act, CancellationToken cancellation) => DoAsync(around.Cluster.Named(key), act, cancellation);

    private Task DoAsync(TenantEncryptionKey key, KeyAct act, CancellationToken cancellation) => act switch
    {
        KeyAct.Adopt adopt => adoption.AdoptAsync(key, adopt.Origin, cancellation),
        KeyAct.CreateKey create => CreateAsync(key, create, cancellation),
        KeyAct.ResumeCreation resume => ResumeAsync(key, resume, cancellation),
        KeyAct.SweepKeys sweep => SweepAsync(key, sweep, cancellation),
        KeyAct.ImportMaterial import => ImportAsync(key, import, cancellation),
        KeyAct.WithdrawMaterial withdraw => WithdrawAsync(key, withdraw, cancellation),
        KeyAct.DestroyKey destroy => DestroyAsync(key, destroy, cancellation),
        _ => throw new UnreachableException(act.GetType().Name),
    };

    private async Task CreateAsync(TenantEncryptionKey key, KeyAct.CreateKey create, CancellationToken cancellation)
    {
        // The note counts from the decision. Written late, it would be believed before the cloud lists the key that it stands for.
        if (around.Time.GetUtcNow() - create.Since > around.Options.CloudSettling / PromptlyInSettling)
        {
            throw new RefusedActException("DecisionTooOld", "too much time has passed since this was decided: decided anew");
        }

        if (await LiveAsync(key, cancellation) is not { Metadata.DeletionTimestamp: null, Spec: { Imported: not null, State: not KeyStates.Revoked } })
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

    private async Task ResumeAsync(TenantEncryptionKey key, KeyAct.ResumeCreation resume, CancellationToken cancellation)
    {
        await DemandNoteAsync(key, resume.Region, resume.Since, cancellation);
        var place = ImportObserver.PlaceOf(key, resume.Region);
        var left = (await Keys.ScanAsync(place, cancellation)).FirstOrDefault(one => one.State != ImportedKeyState.PendingDeletion);
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
            throw new RefusedActException("CreationNotSettled", "a creation was interrupted, and the cloud may not list yet what it left: looked for again");
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

    private async Task ImportAsync(TenantEncryptionKey key, KeyAct.ImportMaterial import, CancellationToken cancellation)
    {
        var spec = await LiveSpecAsync(key, cancellation);
        if (spec.Imported is not { } source || spec.State == KeyStates.Revoked)
        {
            throw new RefusedActException("SpecChanged", "the spec does not ask for this import any more");
        }

        switch (await uploads.OpenAsync(key, cancellation))
        {
            case OpenedMaterial.Opened opened:
                using (opened.Material)
                {
                    await HandOverAsync(key, source, import, (opened.Material.Memory, UploadReader.FingerprintOf(opened.Material)), cancellation);
                }

                break;
            case OpenedMaterial.PassedOn passed:
                await HandOverAsync(key, source, import, (passed.Content, UploadReader.FingerprintOf(passed)), cancellation);
                break;
            default:
                throw new RefusedActException("UploadChanged", "what was handed over is not there any more, or no longer good");
        }

        await LetGoAsync(key, source, cancellation);
    }

    private async Task HandOverAsync(
        TenantEncryptionKey key, ImportedSource source, KeyAct.ImportMaterial import, (ReadOnlyMemory<byte> Content, string Fingerprint) material, CancellationToken cancellation)
    {
        if (material.Fingerprint != import.Fingerprint)
        {
            throw new RefusedActException("UploadChanged", "another secret was handed over meanwhile");
        }

        // Before the import: a crash in between leaves a key that is bound to this material although it never got it. One that was taken back without
        // its record holds other material or this, and the cloud alone can tell.
        var isToldByCloud = (await records.ReadAsync(key, cancellation)).Trusted is { Origin: not null, Fingerprint: null };
        if (!isToldByCloud && await records.BindFingerprintAsync(key, import.Fingerprint, cancellation) != import.Fingerprint)
        {
            throw new RefusedActException("KeyReplaced", "this key is bound to another material");
        }

        var (place, reference) = (ImportObserver.PlaceOf(key, import.Region), KeyRefs.Of(key, import.Region, import.KeyId));
        Judge(await Keys.ImportAsync(place, reference, material.Content, ImportObserver.ExpiryOf(source), import.MaterialId, cancellation));
        if (isToldByCloud)
        {
            await records.BindFingerprintAsync(key, import.Fingerprint, cancellation);
        }
    }

    // Where this is interrupted, a used request still ends by itself.
    private async Task LetGoAsync(TenantEncryptionKey key, ImportedSource source, CancellationToken cancellation)
    {
        foreach (var region in source.Regions())
        {
            if (await Keys.FindAsync(ImportObserver.PlaceOf(key, region), cancellation) is not { State: ImportedKeyState.Enabled })
            {
                return;
            }
        }

        await uploads.ForgetRequestAsync(key, cancellation);
    }

    private static void Judge(ImportOutcome outcome)
    {
        switch (outcome)
        {
            case ImportOutcome.Imported:
                return;
            case ImportOutcome.IncorrectMaterial:
                throw new RefusedActException("KeyReplaced", "this key was given other material before: hand over that one");
            case ImportOutcome.KeyPendingDeletion:
                throw new RefusedActException("KeyPendingDeletion", "the platform's key is about to be deleted: cancel its deletion");
            case ImportOutcome.KeyDisabled:
                throw new RefusedActException("KeyDisabled", "the platform's key is switched off");
            case ImportOutcome.KeyMissing:
                throw new RefusedActException("KeyMissing", "the platform's key is not there");
            case ImportOutcome.Refused refused:
                throw new RefusedActException(refused.Code, refused.Message);
            default:
                throw new UnreachableException(outcome.GetType().Name);
        }
    }

    private async Task WithdrawAsync(TenantEncryptionKey key, KeyAct.WithdrawMaterial withdraw, CancellationToken cancellation)
    {
        var spec = await LiveSpecAsync(key, cancellation);
        if (spec.State != KeyStates.Revoked || spec.Revocation.Confirm != KeyRules.Confirmation)
        {
            throw new RefusedActException("SpecChanged", "the tenant does not revoke any more");
        }

        await Keys.DeleteMaterialAsync(ImportObserver.PlaceOf(key, withdraw.Region), KeyRefs.Of(key, withdraw.Region, withdraw.KeyId), cancellation);
    }

    private async Task DestroyAsync(TenantEncryptionKey key, KeyAct.DestroyKey destroy, CancellationToken cancellation)
    {
        if (around.Cluster.TakeoverOf(key) is not null || (key.IsRecordedOnly && await live.HasHeirAsync(key, cancellation)))
        {
            throw new RefusedActException("KeyInUse", "it is another object's of that name, or may become it");
        }

        if (key.IsRecordedOnly ? await live.IsHeldAsync(key, cancellation) : await IsUsedAsync(key, cancellation))
        {
            throw new RefusedActException("KeyInUse", "a store or a retained bucket still needs the key");
        }

        var (place, reference) = (ImportObserver.PlaceOf(key, destroy.Region), KeyRefs.Of(key, destroy.Region, destroy.KeyId));
        await Keys.DeleteMaterialAsync(place, reference, cancellation);
        await Keys.ScheduleDeletionAsync(place, reference, deletionWindow, cancellation);
    }

    private async Task<bool> IsUsedAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var glance = around.Sight.At(cancellation);
        var (users, retained) = (await live.UsersAsync(key, glance), await live.RetainedAsync(key, glance));
        return users.Blindness is not null || users.ForDisplay() is not []
            || retained.Blindness is not null || retained.ForDisplay() is not [];
    }

    private async Task DemandNoteAsync(TenantEncryptionKey key, string region, DateTimeOffset since, CancellationToken cancellation)
    {
        if ((await records.ReadAsync(key, cancellation)).Trusted?.In(region).CreatingSince != since)
        {
            throw new RefusedActException("NoteChanged", "the note that this was decided on does not stand any more");
        }
    }

    private Task ForgetNoteAsync(TenantEncryptionKey key, string region, DateTimeOffset since, CancellationToken cancellation) =>
        records.ForgetCreationAsync(key, region, since, cancellation);

    private async Task<TenantEncryptionKeySpec> LiveSpecAsync(TenantEncryptionKey key, CancellationToken cancellation) => (await LiveAsync(key, cancellation)).Spec;

    private async Task<TenantEncryptionKey> LiveAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        (await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(key.Metadata.Key, cancellation)) is { } now && now.Metadata.Uid == key.Metadata.Uid
            ? now
            : throw new RefusedActException("KeyNotFound", "the key object is not there");
}
