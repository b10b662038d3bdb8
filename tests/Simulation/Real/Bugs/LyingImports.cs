using ByokOperator.Cluster;
using ByokOperator.Records;
using Cloud.Keys;
using Simulation.Real.Clouds;

namespace Simulation.Real.Bugs;

/// <summary>The platform's own keys as an executor with a bug takes them: what it writes down, and when.</summary>
internal sealed class LyingImports(IImportedKeys real, Seeding seeding, World world) : IImportedKeys
{
    public Task<ImportedKey?> FindAsync(ImportPlace place, CancellationToken cancellation) =>
        real.FindAsync(place, cancellation);

    public Task<IReadOnlyList<ImportedKey>> ScanAsync(ImportPlace place, CancellationToken cancellation) =>
        real.ScanAsync(place, cancellation);

    public Task<IReadOnlyList<EarlierKey>> FindEarlierAsync(ImportPlace place, CancellationToken cancellation) =>
        real.FindEarlierAsync(place, cancellation);

    public async Task<ImportedKey> CreateAsync(
        ImportPlace place, DataPrincipal workloads, CancellationToken cancellation)
    {
        await ForgetNoteAsync(Bug.NoNoteBeforeCreation, place, cancellation);
        var made = await real.CreateAsync(place, workloads, cancellation);
        await ForgetNoteAsync(Bug.NoteGoesBeforeTheName, place, cancellation);
        return made;
    }

    public Task<NamingOutcome> NameAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        real.NameAsync(place, key, cancellation);

    public async Task<ImportOutcome> ImportAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry, string? materialId,
        CancellationToken cancellation)
    {
        var home = world.Homes.First(home => home.Namespace == place.Owner.Namespace);
        var handed = seeding.Bug == Bug.ImportsWhatStandsThere ? Handed.Of(home.HandedOver) : material;
        if (seeding.Bug != Bug.RemembersMaterialAfterImport || world.Account.Imports.All.Any(one => one.Material != 0))
        {
            return await real.ImportAsync(place, key, handed, expiry, materialId, cancellation);
        }

        IReadOnlyList<KeyRecordMaterial> bound = [];
        await EditAsync(place, record => (bound = record.Materials) is [] ? record : record with { Materials = [] },
            cancellation);
        var outcome = await real.ImportAsync(place, key, handed, expiry, materialId, cancellation);
        await EditAsync(place, record => record with { Materials = bound }, cancellation);
        return outcome;
    }

    public async Task<IReadOnlyList<HeldMaterial>> MaterialsAsync(
        ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        await real.MaterialsAsync(place, key, cancellation) is var held
            && seeding is { Bug: Bug.RotatedBeforeEveryRegionHasIt, IsActing: true }
            // whichever is asked for is there
            ? [.. held,
                new HeldMaterial(null!, MaterialUse.PendingRotation, IsImported: true, new MaterialExpiry.Never())]
            : held;

    public async Task<ImportOutcome> ImportNewAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation)
    {
        if (seeding.Bug != Bug.NewMaterialIsWrittenDownAfterItsImport
            || world.Account.Imports.All.Any(one => one.Import!.Pending is not null))
        {
            return await real.ImportNewAsync(place, key, material, expiry, cancellation);
        }

        IReadOnlyList<KeyRecordMaterial> bound = [];
        await EditAsync(place, record => record with { Materials = [.. (bound = record.Materials).SkipLast(1)] },
            cancellation);
        var outcome = await real.ImportNewAsync(place, key, material, expiry, cancellation);
        await EditAsync(place, record => record with { Materials = bound }, cancellation);
        return outcome;
    }

    public Task<RotationOutcome> RotateAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        seeding.Bug == Bug.RotatesInOneRegionOnly && place.Region != World.Region
            ? Task.FromResult(RotationOutcome.Rotated)
            : real.RotateAsync(place, key, cancellation);

    public Task DeleteMaterialAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        if (seeding.Bug == Bug.NewestMaterialAloneIsWithdrawn
            && world.Account.Keys[key.Id].Import is { Current: { } current })
        {
            current.Lose();
            return Task.CompletedTask;
        }

        return real.DeleteMaterialAsync(place, key, cancellation);
    }

    public Task ScheduleDeletionAsync(ImportPlace place, KeyRef key, TimeSpan window, CancellationToken cancellation) =>
        real.ScheduleDeletionAsync(place, key, window, cancellation);

    private Task ForgetNoteAsync(Bug bug, ImportPlace place, CancellationToken cancellation) => seeding.Bug != bug
        ? Task.CompletedTask
        : EditAsync(place, record => record.With(place.Region, one => one with { CreatingSince = null }), cancellation);

    private Task<KeyRecord> EditAsync(
        ImportPlace place, Func<KeyRecord, KeyRecord> edit, CancellationToken cancellation) =>
            new RecordWriter(seeding.Around!).EditAsync(
            new RecordOwner(place.Owner.Namespace, place.Owner.Name, place.Owner.Uid), edit, cancellation);
}
