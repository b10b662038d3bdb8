using Byok.Import.Requests;
using ByokOperator.Api;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>A key's status from what was seen. Pure. At rest it does not change,
/// so nothing is written per probe.</summary>
internal static class KeyStatusReport
{
    public static TenantEncryptionKeyStatus Of(
        TenantEncryptionKey key, KeyWorld world, KeySnapshot? standing, IReadOnlyList<Condition> conditions,
        IReadOnlyList<EncryptedStore> stores)
    {
        var judgements = (standing?.Regions.Values ?? [])
            .Select(region =>
                region.Judgement.ForDisplay() is { } judgement
                    ? KeyJudgement.Effective(judgement, world.MaxStaleness, world.Now) : null)
            .ToList();
        var revoked = judgements.OfType<KeyJudgement.Revoked>().OrderBy(one => one.Since).FirstOrDefault();
        var unknown = world.Regions.Select(region => region.UnknownSince.ForDisplay()).Where(since => since is not null)
            .Min();
        var usable = judgements.Count > 0 && judgements.TrueForAll(judgement => judgement is KeyJudgement.Usable);
        return new TenantEncryptionKeyStatus
        {
            ObservedGeneration = key.Metadata.Generation,
            Conditions = conditions,
            Verdict = usable ? nameof(KeyVerdict.Usable) : revoked is not null ? nameof(KeyVerdict.Revoked)
                : nameof(KeyVerdict.Unknown),
            LastVerifiedTime = LastVerified(key, world, usable),
            UnknownSince = unknown,
            RevokedSince = revoked?.Since,
            Keys = [.. world.Regions.Where(region => region.KeyId.ForDisplay() is not null)
                .Select(region => new RegionalKeyStatus
                {
                    Region = region.Region,
                    Id = region.KeyId.ForDisplay()!,
                    MaterialId = region.Canary.ForDisplay()?.MaterialId,
                    Version = region.Answer.ForDisplay()?.Version,
                    State = region.Answer.ForDisplay()?.Reason,
                    Materials = MaterialReport.Of(world, region.Region, key.Status),
                })],
            Source = world.Import is not null ? "Imported" : key.Spec.AzureKeyVault is not null ? "AzureKeyVault"
                : "AwsKms",
            MaterialExpiresAt = MaterialExpiryWarning.FirstEnd(world)
                ?? (world.Import is null && world.Regions.Any(region => region.EndsAt.Blindness is not null)
                    ? key.Status?.MaterialExpiresAt : null),
            Generation = MaterialReport.Generation(world, key.Status),
            MissingGenerations = MaterialReport.Missing(world, key.Status),
            Stores = stores.Count,
            UsedBy =
                KeyUser.Of(stores, [.. world.Regions.Select(region => region.KeyId.ForDisplay()).OfType<string>()]),
            ImportRequest = world.Import?.Open is { Blindness: null } open ? Shown(open.ForDisplay())
                : world.Import is null ? null : key.Status?.ImportRequest,
            RequiredPolicy = world.RequiredPolicy is null ? null
                : new ConfigMapReference { ConfigMapName = KeyPolicyMap.NameFor(key.Metadata.Name) },
            LastHandledReconcileAt = key.Metadata.Annotations?.GetValueOrDefault(Labels.ReconcileAt),
        };
    }

    private static ImportRequestStatus? Shown(ImportRequest? open) => open is null ? null : new ImportRequestStatus
    {
        Id = open.Id, PublicKey = open.PublicKeyPem, Algorithm = ImportRequest.Algorithm,
        ExpiresAt = Seconds(open.ExpiresAt),
    };

    /// <summary>The proof that this verdict began with: it moves when the verdict does, or when somebody asks,
    /// not with every probe.</summary>
    private static DateTimeOffset? LastVerified(TenantEncryptionKey key, KeyWorld world, bool usable)
    {
        var shown = key.Status;
        var asked = key.Metadata.Annotations?.GetValueOrDefault(Labels.ReconcileAt);
        var stillSame = shown is { Verdict: nameof(KeyVerdict.Usable), LastVerifiedTime: not null }
            && shown.LastHandledReconcileAt == asked;
        return usable && !stillSame ? Seconds(world.Now) : shown?.LastVerifiedTime;
    }

    private static DateTimeOffset Seconds(DateTimeOffset time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
