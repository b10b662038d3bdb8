using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Importing.Requests;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>Looks at what an imported key's rungs ask about. Changes nothing.</summary>
internal sealed class ImportObserver(Surroundings around, UploadReader uploads, IImportRequests requests)
{
    private static ImportedKeyOwner OwnerOf(TenantEncryptionKey key) =>
        new(key.Metadata.Uid ?? "", key.Metadata.Namespace ?? "", key.Metadata.Name);

    public static ImportPlace PlaceOf(TenantEncryptionKey key, string region) => new(OwnerOf(key), region)
    {
        Cloud = KeyRefs.CloudOf(region),
        KeyId = region == KeyRef.AnyRegion ? key.Spec.Imported?.Azure?.KeyId : null,
    };

    /// <summary>Whole seconds, as clouds keep them.</summary>
    public static MaterialExpiry ExpiryOf(ImportedSource source) => source.End is { } end
        ? new MaterialExpiry.At(DateTimeOffset.FromUnixTimeSeconds(end.ToUnixTimeSeconds()))
        : new MaterialExpiry.Never();

    /// <summary>Null for a key that the tenant keeps.</summary>
    public async Task<ImportWorld?> LookAsync(TenantEncryptionKey key, Recorded<KeyRecord> record, bool isInvalid, Glance glance)
    {
        if (key.Spec.Imported is not { } source)
        {
            return null;
        }

        var regions = await Task.WhenAll(source.Regions().Select(region => LookAsync(key, region, record, isInvalid, glance)));
        var world = new ImportWorld
        {
            Regions = regions,
            Upload = Fact.Blind<Upload>("NotNeeded"),
            Fingerprint = record.Select(known => known?.Fingerprint),
            Expiry = ExpiryOf(source),
            Open = await OpenAsync(key, glance),
            Settling = around.Options.CloudSettling,
        };
        var isWanted = !isInvalid && !key.IsRecordedOnly && key.Metadata.DeletionTimestamp is null && key.Spec.State != KeyStates.Revoked;
        return isWanted && (world.NeedsMaterial || world.IsUntouched)
            ? world with { Upload = await uploads.LookAsync(key, glance) }
            : world;
    }

    /// <summary>Asked for only where the watch shows that one stands.</summary>
    private Task<Fact<ImportRequest?>> OpenAsync(TenantEncryptionKey key, Glance glance) =>
        key.Spec.Imported?.Wrapping != WrappingModes.ImportRequest || around.Cluster.RequestsByKey.Find(key.Metadata.Key) is []
            ? Task.FromResult(Fact.Seen<ImportRequest?>(null))
            : glance.OfAsync(async cancellation => (await requests.FindAsync(key.Metadata.Key, cancellation)).FirstOrDefault(request => request.IsOpenAt(around.Time.GetUtcNow())));

    private async Task<ImportRegion> LookAsync(TenantEncryptionKey key, string region, Recorded<KeyRecord> record, bool isInvalid, Glance glance) => new(
        region,
        record.Select(known => known?.In(region).CreatingSince),
        isInvalid && key.Metadata.Uid is null ? Fact.Blind<ImportedKey?>("SpecInvalid") : await glance.OfAsync(cancellation => around.Cloud.Imported.FindAsync(PlaceOf(key, region), cancellation)),
        record.Select(known => known?.In(region).Canary is not null));
}
