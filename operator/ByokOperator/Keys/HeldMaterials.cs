using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>Live: the materials that a key of the platform's own has, region by region.</summary>
internal sealed class HeldMaterials(OperatorContext around)
{
    /// <summary>Regions with material of this key that lack the coming one; live.</summary>
    public async Task<string[]> LackingAsync(
        TenantEncryptionKey key, IReadOnlyList<KeyRecordMaterial> bound, KeyRecordMaterial coming,
        CancellationToken cancellation)
    {
        List<string> lacking = [];
        foreach (var region in RegionsOf(bound))
        {
            var id = coming.Ids.GetValueOrDefault(region);
            if (!(await ReadAsync(key, region, cancellation)).Any(one => one.Id == id && one.IsImported))
            {
                lacking.Add(region);
            }
        }

        return [.. lacking];
    }

    /// <summary>Some region of this key has material that is not made current yet; live.</summary>
    public async Task<bool> IsAnyPendingAsync(
        TenantEncryptionKey key, IReadOnlyList<KeyRecordMaterial> bound, CancellationToken cancellation)
    {
        foreach (var region in RegionsOf(bound))
        {
            if ((await ReadAsync(key, region, cancellation)).Any(one => one.Use == MaterialUse.PendingRotation))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> RegionsOf(IReadOnlyList<KeyRecordMaterial> bound) =>
        bound.SelectMany(one => one.Ids.Keys).Distinct(StringComparer.Ordinal);

    /// <summary>Live; nothing where the region has no key.</summary>
    private async Task<IReadOnlyList<HeldMaterial>> ReadAsync(
        TenantEncryptionKey key, string region, CancellationToken cancellation)
    {
        var place = ImportObserver.PlaceOf(key, region);
        return await around.Cloud.Imported.FindAsync(place, cancellation) is { } named
            ? await around.Cloud.Imported.MaterialsAsync(place, named.Key, cancellation) : [];
    }
}
