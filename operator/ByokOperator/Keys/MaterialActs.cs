using System.Diagnostics;
using Byok.Material;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>Performs what brings material into keys of the platform's own, makes it current and takes it away, each on
/// a live look at its precondition.</summary>
internal sealed class MaterialActs(OperatorContext around, KeyRecords records, KeyLiveReads live, UploadReader uploads)
{
    private readonly HeldMaterials held = new(around);

    private IImportedKeys Keys => around.Cloud.Imported;

    public async Task ImportAsync(TenantEncryptionKey key, KeyAct.ImportMaterial import, CancellationToken cancellation)
    {
        var source = await SourceAsync(key, cancellation);
        await uploads.UseAsync(key, import.Fingerprint,
            material => HandOverAsync(key, source, import, material, cancellation), cancellation);
        await LetGoAsync(key, source, cancellation);
    }

    public async Task ImportNewAsync(
        TenantEncryptionKey key, KeyAct.ImportNewMaterial import, CancellationToken cancellation)
    {
        var source = await SourceAsync(key, cancellation);
        DemandAsked(source, import.Generation);
        await uploads.UseAsync(key, import.Fingerprint,
            material => HandNewOverAsync(key, source, import, material, cancellation), cancellation);
    }

    public async Task RotateAsync(TenantEncryptionKey key, KeyAct.RotateMaterial rotate, CancellationToken cancellation)
    {
        DemandAsked(await SourceAsync(key, cancellation), rotate.Generation);
        var bound = (await records.ReadAsync(key, cancellation)).Trusted?.Materials ?? [];
        if (bound.FirstOrDefault(one => one.Generation == rotate.Generation) is not { } coming
            || await held.LackingAsync(key, bound, coming, cancellation) is { Length: > 0 })
        {
            throw new RefusedActException("NewMaterialMissing",
                "new material is made current once every region of the key has it");
        }

        var (place, reference) = Named(key, rotate.Region, rotate.KeyId);
        if (await Keys.RotateAsync(place, reference, cancellation) == RotationOutcome.NoneLeft)
        {
            throw new RefusedActException(GenerationLadder.NoRotationLeft,
                "the cloud gives one key new material so often and no more: make a new TenantEncryptionKey")
                {
                    NeedsPerson = true,
                };
        }

        await LetNewGoAsync(key, bound, coming, cancellation);
    }

    public async Task WithdrawAsync(
        TenantEncryptionKey key, KeyAct.WithdrawMaterial withdraw, CancellationToken cancellation)
    {
        var spec = await live.WillAsync(key, cancellation);
        if (spec.State != KeyStates.Revoked || spec.Revocation.Confirm != KeyRules.Confirmation)
        {
            throw new RefusedActException("SpecChanged", "the tenant does not revoke any more");
        }

        var (place, reference) = Named(key, withdraw.Region, withdraw.KeyId);
        await Keys.DeleteMaterialAsync(place, reference, cancellation);
    }

    private async Task<ImportedSource> SourceAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        (await live.ObjectAsync(key, cancellation)).Spec is { Imported: { } source, State: not KeyStates.Revoked }
            ? source
            : throw new RefusedActException("SpecChanged", "the spec does not ask for this import any more");

    private static void DemandAsked(ImportedSource source, int generation)
    {
        if (source.Generation < generation)
        {
            throw new RefusedActException("SpecChanged", "the spec does not ask for this generation of material");
        }
    }

    private async Task HandOverAsync(
        TenantEncryptionKey key, ImportedSource source, KeyAct.ImportMaterial import, ReadOnlyMemory<byte> material,
        CancellationToken cancellation)
    {
        // Before the import: a crash in between leaves a key that is bound to this material although it never got it.
        // One that was taken back without its record holds other material or this, and the cloud alone can tell.
        var record = (await records.ReadAsync(key, cancellation)).Trusted
            ?? KeyRecord.New(RecordOwner.Of(key.Metadata));
        var isToldByCloud = record.Origin is not null
            && !record.Materials.Any(one => one.Fingerprint == import.Fingerprint || IsOf(one, import));
        var generation = isToldByCloud ? null
            : await records.BindMaterialAsync(key, FirstOf(record, source), import.Fingerprint, cancellation);
        if (!isToldByCloud && generation is null)
        {
            throw Replaced;
        }

        var (place, reference) = Named(key, import.Region, import.KeyId);
        var outcome = await Keys.ImportAsync(place, reference, material, ImportObserver.ExpiryOf(source),
            import.MaterialId, cancellation);
        if (Judge(outcome, Replaced) is not { } id)
        {
            await records.BindMaterialAsync(key, generation ?? source.Generation, import.Fingerprint, cancellation);
            return;
        }

        generation ??= await PlaceAsync(key, source, (import, id), record, cancellation);
        await records.BindMaterialAsync(key, generation.Value, import.Fingerprint, cancellation);
        await records.NoteMaterialAsync(key, import.Region, generation.Value, id, cancellation);
    }

    private static bool IsOf(KeyRecordMaterial material, KeyAct.ImportMaterial import) =>
        import.MaterialId is { } id && material.Ids.GetValueOrDefault(import.Region) == id;

    /// <summary>The first material begins with whatever the spec says; a later one is none of this act's.</summary>
    private static int FirstOf(KeyRecord record, ImportedSource source) =>
        record.Materials is [var first, ..] ? first.Generation : source.Generation;

    /// <summary>Of a key that was taken back without its record:
    /// which generation the cloud found this material to be.</summary>
    private async Task<int> PlaceAsync(
        TenantEncryptionKey key, ImportedSource source, (KeyAct.ImportMaterial Import, string Id) told,
        KeyRecord record, CancellationToken cancellation)
    {
        var (place, reference) = Named(key, told.Import.Region, told.Import.KeyId);
        var known = MaterialLedger.Of(told.Import.Region, await Keys.MaterialsAsync(place, reference, cancellation),
            record.Materials, source.Generation);
        return Math.Max(1, known.FirstOrDefault(one => one.Held.Id == told.Id)?.Generation ?? source.Generation);
    }

    private async Task HandNewOverAsync(
        TenantEncryptionKey key, ImportedSource source, KeyAct.ImportNewMaterial import, ReadOnlyMemory<byte> material,
        CancellationToken cancellation)
    {
        await DemandNoneUnderWayAsync(key, import, cancellation);
        if (await records.BindMaterialAsync(key, import.Generation, import.Fingerprint, cancellation)
            != import.Generation)
        {
            throw Replaced;
        }

        if ((await records.ReadAsync(key, cancellation)).Trusted?.Materials is [.., var newest]
            && newest.Generation > import.Generation)
        {
            throw new RefusedActException("SpecChanged", "material of a later generation was begun meanwhile");
        }

        var (place, reference) = Named(key, import.Region, import.KeyId);
        var held = await Keys.MaterialsAsync(place, reference, cancellation);
        if (held.FirstOrDefault(one => one.Use == MaterialUse.PendingRotation) is { } pending)
        {
            // by an import that was interrupted
            await records.NoteMaterialAsync(key, import.Region, import.Generation, pending.Id, cancellation);
            return;
        }

        var known = new RefusedActException("MaterialKnown",
            "the key has this material already: hand over material that it never had") { NeedsPerson = true };
        if (Judge(await Keys.ImportNewAsync(place, reference, material, ImportObserver.ExpiryOf(source), cancellation),
            known) is { } id)
        {
            await records.NoteMaterialAsync(key, import.Region, import.Generation, id, cancellation);
        }
    }

    // Where this is interrupted, a used request still ends by itself.
    private async Task LetGoAsync(TenantEncryptionKey key, ImportedSource source, CancellationToken cancellation)
    {
        foreach (var region in source.Regions())
        {
            if (await Keys.FindAsync(ImportObserver.PlaceOf(key, region),
                cancellation) is not { State: ImportedKeyState.Enabled })
            {
                return;
            }
        }

        await uploads.ForgetRequestAsync(key, cancellation);
    }

    /// <summary>Once it is current everywhere, and where what stands there is not another upload by now.</summary>
    private async Task LetNewGoAsync(
        TenantEncryptionKey key, IReadOnlyList<KeyRecordMaterial> bound, KeyRecordMaterial current,
        CancellationToken cancellation)
    {
        if (await held.IsAnyPendingAsync(key, bound, cancellation))
        {
            return;
        }

        try
        {
            await uploads.UseAsync(key, current.Fingerprint, _ => uploads.ForgetRequestAsync(key, cancellation),
                cancellation);
        }
        catch (RefusedActException)
        {
            // It was taken away, or another one stands there: that one is not ours to forget.
        }
    }

    /// <summary>What is pending anywhere is of the generation that was begun before:
    /// another one begins once it is current.</summary>
    private async Task DemandNoneUnderWayAsync(
        TenantEncryptionKey key, KeyAct.ImportNewMaterial import, CancellationToken cancellation)
    {
        var bound = (await records.ReadAsync(key, cancellation)).Trusted?.Materials ?? [];
        if (bound.Any(one => one.Generation == import.Generation))
        {
            return;
        }

        if (await held.IsAnyPendingAsync(key, bound, cancellation))
        {
            throw new RefusedActException("NewMaterialPending",
                "material of an earlier generation is on its way: it is made current in every region first");
        }
    }

    private static (ImportPlace Place, KeyRef Key) Named(TenantEncryptionKey key, string region, string id) =>
        (ImportObserver.PlaceOf(key, region), KeyRefs.Of(key, region, id));

    private static RefusedActException Replaced => new("KeyReplaced", "this key is bound to another material");

    /// <summary>The cloud's name for what it took; null where it tells none.</summary>
    private static string? Judge(ImportOutcome outcome, RefusedActException incorrect) => outcome switch
    {
        ImportOutcome.Imported imported => imported.MaterialId,
        ImportOutcome.IncorrectMaterial => throw incorrect,
        ImportOutcome.KeyPendingDeletion =>
            throw new RefusedActException("KeyPendingDeletion",
                "the platform's key is about to be deleted: cancel its deletion"),
        ImportOutcome.KeyDisabled => throw new RefusedActException("KeyDisabled", "the platform's key is switched off"),
        ImportOutcome.KeyMissing => throw new RefusedActException("KeyMissing", "the platform's key is not there"),
        ImportOutcome.Refused refused => throw new RefusedActException(refused.Code, refused.Message),
        _ => throw new UnreachableException(outcome.GetType().Name),
    };
}
