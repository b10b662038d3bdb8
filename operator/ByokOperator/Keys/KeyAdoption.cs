using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>
/// Takes the platform's own keys of an earlier object of the same namespace and name back, on the platform's consent,
/// asked live. Nothing is proved by it: the canary of the earlier one's record goes along where there is one, and
/// stores go by the pins beside their data.
/// </summary>
internal sealed class KeyAdoption(OperatorContext around, KeyRecords records)
{
    private readonly AuthorityGate authority = new(around);

    public async Task AdoptAsync(TenantEncryptionKey key, string origin, CancellationToken cancellation)
    {
        await authority.DemandConsentAsync(key, origin, cancellation);
        await DemandThereAsync(key, origin, cancellation);
        await records.TakeBackAsync(key, origin, await LeftAsync(key, origin, cancellation), cancellation);
    }

    /// <summary>Before one is made: no key of an earlier object of the same names stands,
    /// whoever knows of it.</summary>
    public async Task DemandNoneEarlierAsync(TenantEncryptionKey key, string region, CancellationToken cancellation)
    {
        if ((await around.Cloud.Imported.FindEarlierAsync(ImportObserver.PlaceOf(key, region), cancellation))
            is [var earlier, ..])
        {
            var taken = Entitlements.Takeover.Of(key, key.Tenant, earlier.Uid, isConsented: false);
            throw new RefusedActException(Entitlements.Takeover.Needed, $"{region}: {taken.Message}")
            {
                NeedsPerson = true,
            };
        }
    }

    /// <summary>In one region at least: another may have been added since.</summary>
    private async Task DemandThereAsync(TenantEncryptionKey key, string origin, CancellationToken cancellation)
    {
        var mine = key with { Origin = null };
        foreach (var region in key.Spec.Imported?.Regions() ?? [])
        {
            if ((await around.Cloud.Imported.FindEarlierAsync(ImportObserver.PlaceOf(mine, region), cancellation))
                .Any(earlier => earlier.Uid == origin))
            {
                return;
            }
        }

        throw new RefusedActException(
            "NothingToAdopt",
            $"the Tenant says to take back what uid {origin} had, and no key of "
                + $"{key.Metadata.Namespace}/{key.Metadata.Name} stands under it, or it is about to be deleted:"
            + " cancel its deletion, correct the entry in spec.adopt, or take it away to have a new key made")
        {
            NeedsPerson = true,
        };
    }

    /// <summary>Null where no record of it is left.</summary>
    private Task<KeyRecord?> LeftAsync(TenantEncryptionKey key, string origin, CancellationToken cancellation) =>
        records.FirstStandingAsync(around.Cluster.LeftBy(key).Where(left => left.Origin == origin)
            .Select(left => left.Owner), cancellation);
}
