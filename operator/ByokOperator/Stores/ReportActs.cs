using System.Diagnostics;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>Makes a store's report from one look; the publisher keeps it beside the store.</summary>
internal sealed class ReportActs(
    OperatorContext around, KeySnapshotCache board, StoreCensuses censuses, ReportPublisher publisher)
{
    /// <returns>What the report says of itself.</returns>
    public async Task<ReportFacts?> WriteAsync(
        EncryptedStore store, StoreWorld world, string? answers, CancellationToken cancellation)
    {
        var look = world.Look ?? throw new UnreachableException("a store's world without its look");
        var turn = await publisher.NextAsync(store, cancellation);
        if (await publisher.FinishAsync(store, turn, cancellation) is { } shown)
        {
            return shown; // whether another one is due is for the next look to say
        }

        var input = await LookAsync(store, look with { World = world }, turn.Link, cancellation);
        return await publisher.PublishAsync(store, turn, maxBytes => ReportBuilder.Build(input, maxBytes), answers,
            cancellation);
    }

    public Task RetellAsync(EncryptedStore store, StoreWorld world, CancellationToken cancellation) =>
        publisher.RetellAsync(store, world.Report.ForDisplay(), cancellation);

    public void Forget(ObjectKey store) => publisher.Forget(store);

    private async Task<ReportInput> LookAsync(
        EncryptedStore store, StoreLook look, ReportLink link, CancellationToken cancellation)
    {
        var (census, notAsked) = await CensusAsync(store, look, cancellation);
        if (census.Blindness is null)
        {
            censuses.Put(store.Metadata.Key, census.ForDisplay()!);
        }

        return new ReportInput
        {
            Store = store,
            Link = link,
            Key = KeyOf(store, look),
            Expected = ExpectedOf(store, look),
            Availability = StoreVerdict.AvailabilityOf(look.World),
            Target = look.Target,
            Source = look.Shared,
            Census = census,
            NotAsked = notAsked,
            BindingStands = look.World.Binding.Select(binding => binding is not null),
            Receipt = ReceiptOf(look),
            NotPutBack = around.Cluster.RecordOf(store).Trusted?.NotPutBack ?? [],
            Evidence = board.EvidenceOf(new ObjectKey(store.Metadata.Namespace ?? "", store.Spec.KeyRef?.Name ?? "")),
            Now = around.Time.GetUtcNow(),
            OperatorVersion = OperatorVersion.Current,
        };
    }

    /// <returns>What stands under which key, and how many versions nobody was asked about.</returns>
    private async Task<(Fact<IReadOnlyList<CensusEntry>> Census, long NotAsked)> CensusAsync(
        EncryptedStore store, StoreLook look, CancellationToken cancellation)
    {
        if (StoreVerdict.AvailabilityOf(look.World) == StoreVerdict.Closing)
        {
            // counting takes long, and the next try to close would wait for it
            return (Fact.Blind<IReadOnlyList<CensusEntry>>(StoreVerdict.Closing), 0);
        }

        if (look.Target.ForDisplay() is not { Ownership: StoreOwnership.Ours })
        {
            return (Fact.Seen<IReadOnlyList<CensusEntry>>([]), 0);
        }

        var rootKey = RootKeys.Of(look.Places, look.Target.ForDisplay()!);
        var receipt = rootKey is not null || KeyIsAsCopied(store, look)
            ? look.Migration?.Receipt.ForDisplay()?.Receipt : null;
        var counted = await around.FactReader.At(cancellation)
            .OfAsync(token => new Census(around.Cloud.Objects).CountAsync(
                new CensusOrder(look.Places.Target, receipt?.Fingerprint, receipt?.Shards.Count
                    ?? 0) { RootKey = rootKey },
                censuses.Questions, token));
        return (counted.Select<IReadOnlyList<CensusEntry>>(EntriesOf), counted.ForDisplay()?.Unasked ?? 0);
    }

    private static List<CensusEntry> EntriesOf(CensusResult result) =>
        [.. result.Counts.Select(count =>
            new CensusEntry { Key = count.KeyId ?? "none", Objects = count.Objects, Bytes = count.Bytes })];

    /// <summary>What the copy wrote may be under another key since: then each version is asked,
    /// as far as one census asks.</summary>
    private static bool KeyIsAsCopied(EncryptedStore store, StoreLook look) => look.World.AlsoPinned is []
        ? look.Places.MovedUnder == look.Places.Key.Identity
        : store.Spec.Rotation.Keeps && look.World.AlsoPinned.Any(key => key.Pin?.KeyId == look.Places.MovedUnder);

    private static ExpectedState ExpectedOf(EncryptedStore store, StoreLook look) => new()
    {
        KeyId = look.Places.Key.Id is { Length: > 0 } id ? id : look.World.Pin.ForDisplay()?.KeyId ?? "unknown",
        AlsoPinned = look.World.AlsoPinned is [] ? null
            : [.. look.World.AlsoPinned.Select(key => key.Pin?.KeyId).OfType<string>()],
        Region = look.Places.Target.Region,
        Bucket = look.Places.Target.Name,
        BucketKey = look.Places.BucketKey,
        Availability = StoreVerdict.WantedOf(look.World),
        ClosedSince = StoreVerdict.MustClose(look.World) is { } closing ? closing.Since : null,
        ClosedReason = StoreVerdict.MustClose(look.World)?.Told,
        SharedBucket = look.Places.Shared?.Store.Name,
        SharedPrefix = look.Places.Shared?.Prefix,
        SourceRetired = look.World.Migration?.Retired.ForDisplay() is not null,
        DeletionPolicy = store.Spec.DeletionPolicy,
    };

    private static ReportedKey KeyOf(EncryptedStore store, StoreLook look)
    {
        var region = StoreVerdict.RegionOf(look.World);
        var judgement = region is null ? null : StoreVerdict.Effective(look.World, region).ForDisplay();
        return new ReportedKey
        {
            Name = store.Spec.KeyRef?.Name ?? "",
            State = look.Key?.Spec.State ?? "Missing",
            Verdict = judgement switch { KeyJudgement.Usable => nameof(KeyVerdict.Usable), KeyJudgement.Revoked =>
                nameof(KeyVerdict.Revoked), _ => nameof(KeyVerdict.Unknown) },
            Reason = judgement switch { KeyJudgement.Usable => "Proved", KeyJudgement.Revoked revoked =>
                revoked.Reason, KeyJudgement.Unknown unknown => unknown.Reason, _ => "NotJudged" },
            MaterialId = region?.Pin?.MaterialId,
            Materials = region?.Materials,
            LastVerifiedTime = (judgement as KeyJudgement.Usable)?.ProvedAt,
            UnknownSince = (judgement as KeyJudgement.Unknown)?.Since,
            RevokedSince = (judgement as KeyJudgement.Revoked)?.Since,
            ProbeInterval = look.Key?.Spec.Revocation.ProbeInterval ?? "0s",
            MaxStaleness = look.Key?.Spec.Revocation.MaxStaleness ?? "0s",
        };
    }

    private static Fact<ReportedReceipt?> ReceiptOf(StoreLook look) => look.Migration is not { } migration
        ? Fact.Seen<ReportedReceipt?>(null)
        : migration.Receipt.Select(found => found is { } standing
            ? new ReportedReceipt(standing.Facts.Digest, standing.Receipt.FinishedAt, standing.Receipt.Objects,
                standing.Receipt.Bytes) { NotCarried = standing.Receipt.NotCarried }
            : null);
}
