using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>Looks at what an imported key's rungs ask about. Changes nothing.</summary>
internal sealed class ImportObserver(Surroundings around, UploadReader uploads)
{
    public static ImportedKeyOwner OwnerOf(TenantEncryptionKey key) =>
        new(key.Metadata.Uid ?? "", key.Metadata.Namespace ?? "", key.Metadata.Name);

    /// <summary>Whole seconds, as clouds keep them.</summary>
    public static MaterialExpiry ExpiryOf(ImportedSource source) => source.Aws?.ValidTo is { } validTo
        ? new MaterialExpiry.At(DateTimeOffset.FromUnixTimeSeconds(validTo.ToUnixTimeSeconds()))
        : new MaterialExpiry.Never();

    /// <summary>Null for a key that the tenant keeps.</summary>
    public async Task<ImportWorld?> LookAsync(TenantEncryptionKey key, ConfigMap? canaries, bool isInvalid, CancellationToken cancellation)
    {
        if (key.Spec.Imported is not { } source)
        {
            return null;
        }

        var regions = await Task.WhenAll((source.Aws?.Regions ?? []).Select(region => LookAsync(key, region, canaries, isInvalid, cancellation)));
        var world = new ImportWorld
        {
            Regions = regions,
            Upload = Fact.Blind<Upload>("NotNeeded"),
            Fingerprint = Fact.Seen(CanaryMap.Fingerprint(canaries)),
            Expiry = ExpiryOf(source),
            Settling = around.Options.CloudSettling,
        };
        var isWanted = !isInvalid && key.Metadata.DeletionTimestamp is null && key.Spec.State != KeyStates.Revoked;
        return isWanted && (world.NeedsMaterial || world.IsUntouched)
            ? world with { Upload = await uploads.LookAsync(key, cancellation) }
            : world;
    }

    private async Task<ImportRegion> LookAsync(TenantEncryptionKey key, string region, ConfigMap? canaries, bool isInvalid, CancellationToken cancellation) => new(
        region,
        KeyObserver.Read(() => CanaryMap.CreatingSince(canaries, region)),
        isInvalid && key.Metadata.Uid is null ? Fact.Blind<ImportedKey?>("SpecInvalid") : await Sight.OfAsync(() => around.Cloud.Imported.FindAsync(OwnerOf(key), region, cancellation)),
        KeyObserver.Read(() => CanaryMap.Canary(canaries, region) is not null));
}
