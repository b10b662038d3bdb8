using Cloud.Keys;

namespace Cloud.Routing;

/// <summary>Each imported key to its own cloud.</summary>
public sealed class RoutedImportedKeys(Choice<IImportedKeys> clouds) : IImportedKeys
{
    public Task<ImportedKey?> FindAsync(ImportPlace place, CancellationToken cancellation) =>
        clouds.For(place.Cloud).FindAsync(place, cancellation);

    public Task<IReadOnlyList<ImportedKey>> ScanAsync(ImportPlace place, CancellationToken cancellation) =>
        clouds.For(place.Cloud).ScanAsync(place, cancellation);

    public Task<IReadOnlyList<EarlierKey>> FindEarlierAsync(ImportPlace place, CancellationToken cancellation) =>
        clouds.For(place.Cloud).FindEarlierAsync(place, cancellation);

    public Task<ImportedKey> CreateAsync(ImportPlace place, DataPrincipal workloads, CancellationToken cancellation) =>
        clouds.For(place.Cloud).CreateAsync(place, workloads, cancellation);

    public Task<NamingOutcome> NameAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        clouds.For(place.Cloud).NameAsync(place, key, cancellation);

    public Task<ImportOutcome> ImportAsync(
        ImportPlace place,
        KeyRef key,
        ReadOnlyMemory<byte> material,
        MaterialExpiry expiry,
        string? materialId,
        CancellationToken cancellation) =>
            clouds.For(place.Cloud).ImportAsync(place, key, material, expiry, materialId, cancellation);

    public Task<IReadOnlyList<HeldMaterial>> MaterialsAsync(
        ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        clouds.For(place.Cloud).MaterialsAsync(place, key, cancellation);

    public Task<ImportOutcome> ImportNewAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation) =>
        clouds.For(place.Cloud).ImportNewAsync(place, key, material, expiry, cancellation);

    public Task<RotationOutcome> RotateAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        clouds.For(place.Cloud).RotateAsync(place, key, cancellation);

    public Task DeleteMaterialAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        clouds.For(place.Cloud).DeleteMaterialAsync(place, key, cancellation);

    public Task ScheduleDeletionAsync(ImportPlace place, KeyRef key, TimeSpan window, CancellationToken cancellation) =>
        clouds.For(place.Cloud).ScheduleDeletionAsync(place, key, window, cancellation);
}
