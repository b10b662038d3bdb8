using Cloud;
using Cloud.Keys;

namespace Simulation.Real.Clouds;

/// <summary>A world whose keys the tenants keep.</summary>
internal sealed class NoImports : IImportedKeys
{
    public Task<ImportedKey?> FindAsync(ImportPlace place, CancellationToken cancellation) => throw None();

    public Task<IReadOnlyList<ImportedKey>> ScanAsync(ImportPlace place, CancellationToken cancellation) => throw None();

    public Task<IReadOnlyList<EarlierKey>> FindEarlierAsync(ImportPlace place, CancellationToken cancellation) => throw None();

    public Task<ImportedKey> CreateAsync(ImportPlace place, DataPrincipal workloads, CancellationToken cancellation) => throw None();

    public Task<NamingOutcome> NameAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) => throw None();

    public Task<ImportOutcome> ImportAsync(ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry, string? materialId, CancellationToken cancellation) => throw None();

    public Task<IReadOnlyList<HeldMaterial>> MaterialsAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) => throw None();

    public Task<ImportOutcome> ImportNewAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry, CancellationToken cancellation) => throw None();

    public Task<RotationOutcome> RotateAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) => throw None();

    public Task DeleteMaterialAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) => throw None();

    public Task ScheduleDeletionAsync(ImportPlace place, KeyRef key, TimeSpan window, CancellationToken cancellation) => throw None();

    private static CloudException None() => new(new CloudProblem.Refused("NoImports", "no key is imported here"), "sim");
}
