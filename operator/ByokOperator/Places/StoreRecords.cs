using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Places;

/// <summary>Edits a store's record, one fact at a time. A place and a pin are written once.</summary>
internal sealed class StoreRecords(OperatorContext around)
{
    /// <summary>Of one key: more than one stands only where a policy of ours changed what a grant is.</summary>
    private const int MostGrants = 8;

    private readonly RecordWriter records = new(around);
    private readonly AuthorityGate authority = new(around);

    /// <summary>Everything is recorded that the place was made with. A record that can't be trusted is told elsewhere,
    /// and not made anew.</summary>
    public static bool IsComplete(Recorded<StoreRecord> record, Fact<PinMark?> mark) => record switch
    {
        Recorded<StoreRecord>.Absent => false,
        Recorded<StoreRecord>.Authentic(var known) => mark.ForDisplay() is not { } standing
            || (known.Pin is not null && standing.Named.All(key => Knows(known, key))),
        _ => true,
    };

    private static bool Knows(StoreRecord record, StoreRecordKey marked) =>
        record.Pin?.KeyId == marked.Pin.KeyId || record.Place?.KeyName == marked.Name
            || record.AlsoPinned.Any(key => key.Name == marked.Name);

    /// <summary>Whoever wrote the record: it may close what it names,
    /// and that is what an object is let go for.</summary>
    public static bool IsRetained(Recorded<StoreRecord> record) => record switch
    {
        Recorded<StoreRecord>.Authentic(var known) => known.RetainedSince is not null,
        Recorded<StoreRecord>.NotAuthentic => true,
        _ => false,
    };

    /// <summary>Before anything is made, and once: what is recorded is what the rest of the store's life goes by. Of a
    /// key that the mark beside the data names too and the record does not, the mark is right.</summary>
    /// <param name="store">Which.</param>
    /// <param name="mark">Null where none stands.</param>
    /// <param name="keyId">Of the key that the default is on.</param>
    /// <param name="cancellation">As everywhere.</param>
    public async Task PutAsync(EncryptedStore store, PinMark? mark, string keyId, CancellationToken cancellation)
    {
        List<StoreRecordKey> missing = [];
        foreach (var key in (mark?.Named ?? [])
            .Where(key => key.Pin.KeyId != keyId && key.Name != store.Spec.KeyRef?.Name))
        {
            missing.Add(key with { Uid = await KeyUidAsync(store, key.Name, cancellation) });
        }

        await EditAsync(
            store,
            record => record with
            {
                Pin = record.Pin ?? Recorded(mark?.For(keyId)),
                MovedUnder = record.MovedUnder ?? mark?.MovedUnder,
                AlsoPinned = [.. record.AlsoPinned,
                    .. missing.Where(key => !record.AlsoPinned.Any(known => known.Name == key.Name))],
            },
            cancellation);
    }

    public Task<Recorded<StoreRecord>> ReadAsync(RecordOwner owner, CancellationToken cancellation) =>
        records.ReadAsync<StoreRecord>(owner, cancellation);

    /// <summary>As <see cref="RecordWriter.FirstStandingAsync"/>.</summary>
    public Task<StoreRecord?> FirstStandingAsync(IEnumerable<RecordOwner> owners, CancellationToken cancellation) =>
        records.FirstStandingAsync<StoreRecord>(owners, cancellation);

    /// <summary>What is known of an earlier store's place is this one's from now on, but for what was only that
    /// object's. A pin that stands beside the data was proved anew.</summary>
    /// <param name="store">Which.</param>
    /// <param name="earlier">Null where no record of it is left: then the spec says where it is.</param>
    /// <param name="marked">The pin of the key that the default is on, null where nothing stands beside the data; and
    /// what that says of the key of the move.</param>
    /// <param name="others">Every other key that objects stand under, by name, with its object of today:
    /// proved too.</param>
    /// <param name="cancellation">As everywhere.</param>
    public Task TakeBackAsync(
        EncryptedStore store, StoreRecord? earlier, (KeyPin? Pin, string? MovedUnder) marked,
        IReadOnlyDictionary<string, (string Uid, KeyPin Pin)> others, CancellationToken cancellation) => EditAsync(
        store,
        record => record.IsTakenBack ? record : (earlier ?? record) with
        {
            Uid = record.Uid, Origin = store.Identity, KeyUid = record.KeyUid, Tenant = record.Tenant,
            RetainedSince = null, UnseenSince = null, Pin = Recorded(marked.Pin) ?? record.Pin,
            AlsoPinned =
                [.. others.Select(other => PinnedKeyEdits.TakenBack(earlier, other.Key, other.Value))],
            MovedUnder = earlier?.MovedUnder ?? marked.MovedUnder,
        },
        cancellation);

    /// <summary>Tag and mark say so.</summary>
    public Task HasTakenBackAsync(EncryptedStore store, string origin, CancellationToken cancellation) =>
        EditAsync(store, record => record.Origin == origin ? record with { IsTakenBack = true } : record, cancellation);

    /// <summary>The records of an earlier store whose place was taken back.
    /// What they say of workloads is of objects of a cluster that is gone.</summary>
    public async Task EndLeftAsync(RecordOwner left, string origin, CancellationToken cancellation)
    {
        await records.EndAsync<WorkloadRecord>(left, _ => true, cancellation);
        await records.EndAsync<ReportRecord>(left, _ => true, cancellation);
        await records.EndAsync<StoreRecord>(left, standing => standing.Trusted?.Identity == origin, cancellation);
    }

    public Task RetainAsync(EncryptedStore store, CancellationToken cancellation) =>
        EditAsync(store, record => record with { RetainedSince = record.RetainedSince ?? around.Time.GetUtcNow() },
            cancellation);

    /// <summary>
    /// Keeps what a closing has to write over. What an earlier one set aside and nobody put back is part of it; where
    /// it is not, nothing is written: the first word counts.
    /// </summary>
    public Task KeepAsideAsync(EncryptedStore store, string? earlier, string aside, CancellationToken cancellation) =>
        EditAsync(
            store,
            record => record.SetAside == aside ? record
                : record.SetAside == earlier ? record with { SetAside = aside, NotPutBack = [] }
                : throw new RefusedActException("SetAsideChanged", "another closing set something aside meanwhile"),
            cancellation);

    /// <summary>What was set aside stands again, but for what the cloud takes no more.</summary>
    public Task PutBackAsync(
        EncryptedStore store, string aside, IReadOnlyList<string> lost, CancellationToken cancellation) => EditAsync(
        store,
        record =>
            record.SetAside == aside
                ? record with { SetAside = null, NotPutBack = [.. lost.Take(StoreRecordRules.MaxNotPutBack)] } : record,
        cancellation);

    public Task NoteFenceLiftedAsync(EncryptedStore store, DateTimeOffset at, CancellationToken cancellation) =>
        EditAsync(store, record => record with { FenceLiftedAt = at }, cancellation);

    /// <summary>The newest ids are kept: older ones that stand are found by their name.</summary>
    public Task GrantAsync(EncryptedStore store, KeyRef key, string id, CancellationToken cancellation) => EditAsync(
        store,
        record => record with
        {
            Grants = new Dictionary<string, IReadOnlyList<string>>(record.Grants)
            {
                [key.Identity] = [.. (record.Grants.GetValueOrDefault(key.Identity) ?? []).Where(known => known != id)
                    .TakeLast(MostGrants - 1), id],
            },
        },
        cancellation);

    /// <summary>After they were taken. What can't be written down is taken once more, which harms nothing.</summary>
    public async Task UngrantAsync(EncryptedStore store, Recorded<StoreRecord> record, CancellationToken cancellation)
    {
        if (record.Trusted is { Grants.Count: > 0 })
        {
            await records.EditAsync<StoreRecord>(
                RecordOwner.Of(store.Metadata),
                standing => standing with { Grants = new Dictionary<string, IReadOnlyList<string>>() }, cancellation);
        }
    }

    /// <summary>Of a store that is nowhere any more: what ran before it was
    /// closed is nobody's to start again.</summary>
    public async Task EndAsync(EncryptedStore store, CancellationToken cancellation)
    {
        await records.EndAsync<WorkloadRecord>(RecordOwner.Of(store.Metadata), _ => true, cancellation);
        await records.EndAsync<ReportRecord>(RecordOwner.Of(store.Metadata), _ => true, cancellation);
        await records.EndAsync<StoreRecord>(RecordOwner.Of(store.Metadata), _ => true, cancellation);
    }

    /// <summary>Edits the list of keys, and which one the default is on; of a store that stands under the key that it
    /// is followed by, and no other.</summary>
    public Task ChangeKeysAsync(
        EncryptedStore store, Func<StoreRecord, StoreRecord> edit, CancellationToken cancellation) =>
            records.EditAsync<StoreRecord>(
            RecordOwner.Of(store.Metadata),
            record =>
                record.Place == StoredPlace.Of(store.Spec) && record.Pin is not null ? edit(record)
                    : throw new RefusedActException("SpecChanged",
                        "the store does not stand under the key that this was decided on"),
            cancellation);

    /// <summary>
    /// A store that is not as it has to be may have let something come under a key that it was seen to refuse: that is
    /// seen anew once it is mended, and counted anew from then on. Nothing where a root key tells it at any time.
    /// </summary>
    public async Task UndateRefusalsAsync(EncryptedStore store, CancellationToken cancellation)
    {
        static bool IsDated(StoreRecordKey key) => key is { Stage: PinStages.Refused, Since: not null };
        if (StorePlace.Of(store.Spec).Cloud != StorePlace.Azure
            && around.Cluster.RecordOf(store).Trusted?.AlsoPinned.Any(IsDated) == true)
        {
            await ChangeKeysAsync(store,
                record =>
                    record with
                    {
                        AlsoPinned =
                            [.. record.AlsoPinned.Select(key => IsDated(key) ? key with { Since = null } : key)],
                    }, cancellation);
        }
    }

    /// <summary>The object as the API server has it.</summary>
    public async Task<EncryptedStore> LiveAsync(EncryptedStore store, CancellationToken cancellation) =>
        await new StoreLiveReads(around).FindAsync(store, cancellation)
            ?? throw new RefusedActException("NotWanted", "the store is gone");

    private async Task EditAsync(
        EncryptedStore store, Func<StoreRecord, StoreRecord> edit, CancellationToken cancellation)
    {
        var key = await KeyUidAsync(store, store.Spec.KeyRef?.Name ?? "", cancellation);
        var tenant = around.Cluster.RecordOf(store).Parsed?.Tenant is { Length: > 0 } known ? known
            : await authority.TenantOfAsync(store.Metadata.Namespace ?? "", cancellation);
        var put = await records.EditAsync<StoreRecord>(
            RecordOwner.Of(store.Metadata),
            record =>
                edit(record.Place is null
                    ? (record with { Origin = store.Origin, CreatedAt = store.Metadata.CreationTimestamp })
                        .PutBy(store.Spec, tenant, key, store.Number) : record), cancellation);
        if (put.Place != StoredPlace.Of(store.Spec) || put.Target != StoreNames.Place(store))
        {
            throw new RefusedActException("SpecChanged", "the store was put elsewhere than its spec says now");
        }
    }

    private async Task<string> KeyUidAsync(EncryptedStore store, string name, CancellationToken cancellation)
    {
        var address = new ObjectKey(store.Metadata.Namespace ?? "", name);
        var key = around.Cluster.FindKey(address)
            ?? await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(address, cancellation);
        return key?.Metadata.Uid ?? "";
    }

    public static StoreRecordPin? Recorded(KeyPin? pin) =>
        pin is null ? null : new(pin.KeyId, pin.MaterialId, pin.CanaryDigest);
}
