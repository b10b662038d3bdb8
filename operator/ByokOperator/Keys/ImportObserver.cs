using Byok.Import.Requests;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>Looks at what an imported key's rungs ask about. Changes nothing.</summary>
internal sealed class ImportObserver(OperatorContext around, UploadReader uploads, IImportRequests requests)
{
    private static ImportedKeyOwner OwnerOf(TenantEncryptionKey key) =>
        new(key.Identity, key.Metadata.Namespace ?? "", key.Metadata.Name) { Tenant = key.Tenant };

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
    public async Task<ImportWorld?> LookAsync(
        TenantEncryptionKey key, Recorded<KeyRecord> record, bool isInvalid, Glance glance)
    {
        if (key.Spec.Imported is not { } source)
        {
            return null;
        }

        var regions =
            await Task.WhenAll(source.Regions().Select(region => LookAsync(key, region, record, isInvalid, glance)));
        var world = new ImportWorld
        {
            Regions = regions,
            Upload = Fact.Blind<Upload>("NotNeeded"),
            Bound = record.Select(known => known?.Materials ?? []),
            Generation = source.Generation,
            Expiry = ExpiryOf(source),
            Open = await OpenAsync(key, glance),
            Settling = around.Options.CloudSettling,
        };
        var isWanted = !isInvalid && !key.IsRecordedOnly && key.Metadata.DeletionTimestamp is null
            && key.Spec.State != KeyStates.Revoked;
        return isWanted && (world.NeedsMaterial || world.IsUntouched || world.IsRaised || world.IsNewMaterialMissing)
            ? world with { Upload = await uploads.LookAsync(key, glance) }
            : world;
    }

    /// <summary>Looks, once in this process, for what an earlier key of the
    /// same names left that no record speaks of.</summary>
    public async Task FindEarlierAsync(
        TenantEncryptionKey key, Recorded<KeyRecord> record, bool isInvalid, Glance glance)
    {
        if (isInvalid || key.IsRecordedOnly || key.Spec.Imported is not { } source || key.Origin is not null
            || key.Tenant.Length == 0 || key.Metadata.DeletionTimestamp is not null
            || record is not (Recorded<KeyRecord>.Absent or Recorded<KeyRecord>.Authentic { Record.IsBlank: true })
            || (around.Cluster.Earlier.IsLookedFor(key)
                && (around.Cluster.Earlier.Find(key) is not { } known
                    || !await IsGoneAsync(key with { Origin = known }, source, glance))))
        {
            return;
        }

        var found = await Task.WhenAll(source.Regions()
            .Select(region =>
                glance.OfAsync(cancellation =>
                    around.Cloud.Imported.FindEarlierAsync(PlaceOf(key, region), cancellation))));
        if (found.SelectMany(one => one.ForDisplay() ?? []).FirstOrDefault() is var earlier
            && (earlier is not null || found.All(one => one.Blindness is null)))
        {
            around.Cluster.Earlier.Note(key, earlier?.Uid);
        }
    }

    /// <summary>What was found is not there any more, or about to be deleted.</summary>
    private async Task<bool> IsGoneAsync(TenantEncryptionKey earlier, ImportedSource source, Glance glance)
    {
        var stands = await Task.WhenAll(source.Regions()
            .Select(region =>
                glance.OfAsync(cancellation =>
                    around.Cloud.Imported.FindAsync(PlaceOf(earlier, region), cancellation))));
        return stands.All(one =>
            one.Blindness is null
                && one.ForDisplay() is null or { Stands: false }
                    or { State: ImportedKeyState.PendingDeletion or ImportedKeyState.Foreign });
    }

    /// <summary>Asked for only where the watch shows that one stands.</summary>
    private Task<Fact<ImportRequest?>> OpenAsync(TenantEncryptionKey key, Glance glance) =>
        key.Spec.Imported?.Wrapping != WrappingModes.ImportRequest
            || around.Cluster.RequestsByKey.Find(key.Metadata.Key) is []
            ? Task.FromResult(Fact.Seen<ImportRequest?>(null))
            : glance.OfAsync(async cancellation =>
                (await requests.FindAsync(key.Metadata.Key, cancellation))
                    .FirstOrDefault(request => request.IsOpenAt(around.Time.GetUtcNow())));

    private async Task<ImportRegion> LookAsync(
        TenantEncryptionKey key, string region, Recorded<KeyRecord> record, bool isInvalid, Glance glance)
    {
        var found = isInvalid && key.Metadata.Uid is null
            ? Fact.Blind<ImportedKey?>("SpecInvalid")
            : await glance.OfAsync(cancellation => around.Cloud.Imported.FindAsync(PlaceOf(key, region), cancellation));
        return new(region, record.Select(known => known?.In(region).CreatingSince), found,
            record.Select(known => known?.In(region).Canary is not null))
        {
            Listed = found.ForDisplay() is { } there && AreListed(key, there, record)
                ? await glance.OfAsync(cancellation =>
                    around.Cloud.Imported.MaterialsAsync(PlaceOf(key, region), there.Key, cancellation))
                : null,
        };
    }

    /// <summary>One request more a probe, so not for a key that has one material and is well:
    /// the key itself tells of that.</summary>
    private static bool AreListed(TenantEncryptionKey key, ImportedKey there, Recorded<KeyRecord> record) =>
        there is { Stands: true, State: not (ImportedKeyState.PendingDeletion or ImportedKeyState.Foreign) }
        && ((there.State == ImportedKeyState.PendingImport && KeyRefs.CloudOf(there.Key.Region) == CloudKind.Aws)
            || key.Spec.Imported?.Generation > 1 || record.Parsed?.Materials.Count > 1);
}
