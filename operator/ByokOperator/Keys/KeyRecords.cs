using System.Text.Json;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Records;

namespace ByokOperator.Keys;

/// <summary>Edits a key's record, one fact at a time. A canary, a note,
/// a binding to material and a running clock are never overwritten.</summary>
internal sealed class KeyRecords(OperatorContext around)
{
    private readonly RecordWriter records = new(around);
    private readonly AuthorityGate authority = new(around);

    /// <summary>The record says what this spec says; true too where nothing was proved yet,
    /// so that there is nothing to go on with.</summary>
    public static bool HasSpec(Recorded<KeyRecord> record, TenantEncryptionKeySpec spec) =>
        record.Trusted is not { } known || !known.Regions.Values.Any(region => region.Canary is not null)
            || (known.Spec is { } kept && TextOf(kept) == TextOf(spec));

    /// <summary>Live, for acts; reconciles read the watch.</summary>
    public Task<Recorded<KeyRecord>> ReadAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        records.ReadAsync<KeyRecord>(RecordOwner.Of(key.Metadata), cancellation);

    /// <summary>As <see cref="RecordWriter.FirstStandingAsync"/>.</summary>
    public Task<KeyRecord?> FirstStandingAsync(IEnumerable<RecordOwner> owners, CancellationToken cancellation) =>
        records.FirstStandingAsync<KeyRecord>(owners, cancellation);

    /// <summary>What is known of an earlier object's keys is this one's from now on;
    /// what this one said itself stays.</summary>
    /// <param name="earlier">Null where no record of it is left.</param>
    public Task TakeBackAsync(
        TenantEncryptionKey key, string origin, KeyRecord? earlier, CancellationToken cancellation) => EditAsync(
        key,
        record => !record.IsBlank ? record : (earlier?.Regions ?? new Dictionary<string, KeyRecordRegion>()).Aggregate(
            Kept(key, record) with { Origin = origin, Materials = earlier?.Materials ?? [] },
            (taken, left) =>
                taken.With(left.Key,
                    own =>
                        left.Value with { ProvedAt = left.Value.Canary is null ? null
                            : around.Time.GetUtcNow(), LastRevocation = null, UnknownSince = own.UnknownSince
                                ?? left.Value.UnknownSince, RevokedSince = own.RevokedSince
                                    ?? left.Value.RevokedSince })),
        cancellation);

    /// <summary>With the spec that it was proved by, so that the key can be
    /// asked whatever becomes of the object.</summary>
    public Task SaveCanaryAsync(
        TenantEncryptionKey key, string region, string canary, CancellationToken cancellation) =>
        EditAsync(key,
            record =>
                record.In(region).Canary is not null ? record
                    : Kept(key, record)
                        .With(region,
                            known =>
                                known with
                                {
                                    Canary = KeyRecordCanary.OfText(canary),
                                    ProvedAt = around.Time.GetUtcNow(),
                                }), cancellation);

    /// <param name="key">Whose.</param>
    /// <param name="isRefused">Then the record names nothing that was not begun.</param>
    /// <param name="cancellation">As everywhere.</param>
    public Task SaveSpecAsync(TenantEncryptionKey key, bool isRefused, CancellationToken cancellation) => EditAsync(
        key,
        record => record.Regions.Count == 0 ? record
            : !isRefused ? Kept(key, record)
            : KeyScope.Begun(around.Cluster.Standing(key), new Recorded<KeyRecord>.Authentic(record)) is { } begun
                ? record with { Spec = begun.Spec } : record,
        cancellation);

    /// <summary>If it still is the canary that this was proved with.</summary>
    public Task RenewCanaryAsync(
        TenantEncryptionKey key, string region, CanaryRenewal renewal, CancellationToken cancellation) =>
        EditAsync(key, region,
            known =>
                known.Canary?.Text() == renewal.From ? known with { Canary = KeyRecordCanary.OfText(renewal.To) }
                    : known, cancellation);

    /// <summary>If what was accepted before still is.</summary>
    public Task AcceptVersionAsync(
        TenantEncryptionKey key, string region, string? from, string version, CancellationToken cancellation) =>
        EditAsync(key, region,
            known => known.AcceptedVersion == from ? known with { AcceptedVersion = version } : known, cancellation);

    public Task StartClockAsync(
        TenantEncryptionKey key, string region, Clock clock, DateTimeOffset since, CancellationToken cancellation) =>
        EditAsync(key, region, known => With(known, clock, Of(known, clock) ?? since), cancellation);

    /// <summary>The clock that was started at this time, and no other.</summary>
    public Task StopClockAsync(
        TenantEncryptionKey key, string region, Clock clock, DateTimeOffset since, CancellationToken cancellation) =>
        EditAsync(key, region,
            known => Of(known, clock) == since ? Ended(With(known, clock, null), clock, since) : known, cancellation);

    /// <summary>With the spec that it is made by, so that it is found whatever becomes of the object.</summary>
    public Task NoteCreationAsync(
        TenantEncryptionKey key, string region, DateTimeOffset since, CancellationToken cancellation) => EditAsync(
        key,
        record => record.In(region).CreatingSince is not null
            ? record
            : Kept(key, record).With(region, known => known with { CreatingSince = since }),
        cancellation);

    public Task ForgetCreationAsync(
        TenantEncryptionKey key, string region, DateTimeOffset since, CancellationToken cancellation) =>
        EditAsync(key, region, known => known.CreatingSince == since ? known with { CreatingSince = null } : known,
            cancellation);

    /// <returns>Which generation of the key this material is;
    /// null where the key is bound to others and does not take it.</returns>
    public async Task<int?> BindMaterialAsync(
        TenantEncryptionKey key, int generation, string fingerprint, CancellationToken cancellation) =>
        (await EditAsync(key, record => record.BoundTo(generation, fingerprint, around.Time.GetUtcNow()), cancellation))
            .Materials.FirstOrDefault(one => one.Fingerprint == fingerprint)?.Generation;

    /// <summary>The cloud's own name for what a region was given;
    /// nothing where the key is not bound to that generation.</summary>
    public Task NoteMaterialAsync(
        TenantEncryptionKey key, string region, int generation, string id, CancellationToken cancellation) => EditAsync(
        key,
        record =>
            record with
            {
                Materials =
                    [.. record.Materials.Select(one => one.Generation == generation ? one.Under(region, id) : one)],
            }, cancellation);

    /// <summary>Once nothing is left that could need it; the caller made sure.</summary>
    public Task EndAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        records.EndAsync<KeyRecord>(RecordOwner.Of(key.Metadata), _ => true, cancellation);

    private KeyRecord Kept(TenantEncryptionKey key, KeyRecord record) =>
        record with { Spec = around.Cluster.Standing(key).Spec };

    private Task<KeyRecord> EditAsync(
        TenantEncryptionKey key, string region, Func<KeyRecordRegion, KeyRecordRegion> edit,
        CancellationToken cancellation) =>
        EditAsync(key,
            record =>
                edit(record.In(region)) is var next && next == record.In(region) ? record
                    : record.With(region, _ => next), cancellation);

    /// <summary>With whose it is; the first word counts.</summary>
    private async Task<KeyRecord> EditAsync(
        TenantEncryptionKey key, Func<KeyRecord, KeyRecord> edit, CancellationToken cancellation)
    {
        var tenant = around.Cluster.RecordOf(key).Parsed?.Tenant is { Length: > 0 } known ? known
            : await authority.TenantOfAsync(key.Metadata.Namespace ?? "", cancellation);
        return await records.EditAsync<KeyRecord>(
            RecordOwner.Of(key.Metadata),
            record => edit(record) is var next && next.Tenant.Length == 0 ? next with { Tenant = tenant } : next,
            cancellation);
    }

    /// <summary>That a revocation is over is news: when it was stays on record until the next one is.</summary>
    private KeyRecordRegion Ended(KeyRecordRegion region, Clock clock, DateTimeOffset since) =>
        clock == Clock.Revoked ? region with { LastRevocation = new KeyRecordSpan(since, around.Time.GetUtcNow()) }
            : region;

    private static DateTimeOffset? Of(KeyRecordRegion region, Clock clock) =>
        clock == Clock.Unknown ? region.UnknownSince : region.RevokedSince;

    private static KeyRecordRegion With(KeyRecordRegion region, Clock clock, DateTimeOffset? since) =>
        clock == Clock.Unknown ? region with { UnknownSince = since } : region with { RevokedSince = since };

    private static string TextOf(TenantEncryptionKeySpec spec) =>
        JsonSerializer.Serialize(spec, ApiJson.Default.TenantEncryptionKeySpec);
}
