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
        var sight = world.FactReader ?? throw new UnreachableException("a store's world without its sight");
        var turn = await publisher.NextAsync(store, cancellation);
        if (await publisher.FinishAsync(store, turn, cancellation) is { } shown)
        {
            return shown; // whether another one is due is for the next look to say
        }

        var input = await LookAsync(store, sight with { World = world }, turn.Link, cancellation);
        return await publisher.PublishAsync(store, turn, maxBytes => ReportBuilder.Build(input, maxBytes), answers,
            cancellation);
    }

    public Task RetellAsync(EncryptedStore store, StoreWorld world, CancellationToken cancellation) =>
        publisher.RetellAsync(store, world.Report.ForDisplay(), cancellation);

    public void Forget(ObjectKey store) => publisher.Forget(store);

    private async Task<ReportInput> LookAsync(
        EncryptedStore store, StoreSight sight, ReportLink link, CancellationToken cancellation)
    {
        var (census, notAsked) = await CensusAsync(store, sight, cancellation);
        if (census.Blindness is null)
        {
            censuses.Put(store.Metadata.Key, census.ForDisplay()!);
        }

        return new ReportInput
        {
            Store = store,
            Link = link,
            Key = KeyOf(store, sight),
            Expected = ExpectedOf(store, sight),
            Availability = StoreVerdict.AvailabilityOf(sight.World),
            Target = sight.Target,
            Source = sight.Shared,
            Census = census,
            NotAsked = notAsked,
            BindingStands = sight.World.Binding.Select(binding => binding is not null),
            Receipt = ReceiptOf(sight),
            NotPutBack = around.Cluster.RecordOf(store).Trusted?.NotPutBack ?? [],
            Evidence = board.EvidenceOf(new ObjectKey(store.Metadata.Namespace ?? "", store.Spec.KeyRef?.Name ?? "")),
            Now = around.Time.GetUtcNow(),
            OperatorVersion = OperatorVersion.Current,
        };
    }

    /// <returns>What stands under which key, and how many versions nobody was asked about.</returns>
    private async Task<(Fact<IReadOnlyList<CensusEntry>> Census, long NotAsked)> CensusAsync(
        EncryptedStore store, StoreSight sight, CancellationToken cancellation)
    {
        if (StoreVerdict.AvailabilityOf(sight.World) == StoreVerdict.Closing)
        {
            // counting takes long, and the next try to close would wait for it
            return (Fact.Blind<IReadOnlyList<CensusEntry>>(StoreVerdict.Closing), 0);
        }

        if (sight.Target.ForDisplay() is not { Ownership: StoreOwnership.Ours })
        {
            return (Fact.Seen<IReadOnlyList<CensusEntry>>([]), 0);
        }

        var rootKey = RootKeys.Of(sight.Places, sight.Target.ForDisplay()!);
        var receipt = rootKey is not null || KeyIsAsCopied(store, sight)
            ? sight.Migration?.Receipt.ForDisplay()?.Receipt : null;
        var counted = await around.FactReader.At(cancellation)
            .OfAsync(token => new Census(around.Cloud.Objects).CountAsync(
                new CensusOrder(sight.Places.Target, receipt?.Fingerprint, receipt?.Shards.Count
                    ?? 0) { RootKey = rootKey },
                censuses.Questions, token));
        return (counted.Select<IReadOnlyList<CensusEntry>>(EntriesOf), counted.ForDisplay()?.Unasked ?? 0);
    }

    private static List<CensusEntry> EntriesOf(CensusResult result) =>
        [.. result.Counts.Select(count =>
            new CensusEntry { Key = count.KeyId ?? "none", Objects = count.Objects, Bytes = count.Bytes })];

    /// <summary>What the copy wrote may be under another key since: then each version is asked,
    /// as far as one census asks.</summary>
    private static bool KeyIsAsCopied(EncryptedStore store, StoreSight sight) => sight.World.AlsoPinned is []
        ? sight.Places.MovedUnder == sight.Places.Key.Identity
        : store.Spec.Rotation.Keeps && sight.World.AlsoPinned.Any(key => key.Pin?.KeyId == sight.Places.MovedUnder);

    private static ExpectedState ExpectedOf(EncryptedStore store, StoreSight sight) => new()
    {
        KeyId = sight.Places.Key.Id is { Length: > 0 } id ? id : sight.World.Pin.ForDisplay()?.KeyId ?? "unknown",
        AlsoPinned = sight.World.AlsoPinned is [] ? null
            : [.. sight.World.AlsoPinned.Select(key => key.Pin?.KeyId).OfType<string>()],
        Region = sight.Places.Target.Region,
        Bucket = sight.Places.Target.Name,
        BucketKey = sight.Places.BucketKey,
        Availability = StoreVerdict.WantedOf(sight.World),
        ClosedSince = StoreVerdict.MustClose(sight.World) is { } closing ? closing.Since : null,
        ClosedReason = StoreVerdict.MustClose(sight.World)?.Told,
        SharedBucket = sight.Places.Shared?.Store.Name,
        SharedPrefix = sight.Places.Shared?.Prefix,
        SourceRetired = sight.World.Migration?.Retired.ForDisplay() is not null,
        DeletionPolicy = store.Spec.DeletionPolicy,
    };

    private static ReportedKey KeyOf(EncryptedStore store, StoreSight sight)
    {
        var region = StoreVerdict.RegionOf(sight.World);
        var judgement = region is null ? null : StoreVerdict.Effective(sight.World, region).ForDisplay();
        return new ReportedKey
        {
            Name = store.Spec.KeyRef?.Name ?? "",
            State = sight.Key?.Spec.State ?? "Missing",
            Verdict = judgement switch { KeyJudgement.Usable => nameof(KeyVerdict.Usable), KeyJudgement.Revoked =>
                nameof(KeyVerdict.Revoked), _ => nameof(KeyVerdict.Unknown) },
            Reason = judgement switch { KeyJudgement.Usable => "Proved", KeyJudgement.Revoked revoked =>
                revoked.Reason, KeyJudgement.Unknown unknown => unknown.Reason, _ => "NotJudged" },
            MaterialId = region?.Pin?.MaterialId,
            Materials = region?.Materials,
            LastVerifiedTime = (judgement as KeyJudgement.Usable)?.ProvedAt,
            UnknownSince = (judgement as KeyJudgement.Unknown)?.Since,
            RevokedSince = (judgement as KeyJudgement.Revoked)?.Since,
            ProbeInterval = sight.Key?.Spec.Revocation.ProbeInterval ?? "0s",
            MaxStaleness = sight.Key?.Spec.Revocation.MaxStaleness ?? "0s",
        };
    }

    private static Fact<ReportedReceipt?> ReceiptOf(StoreSight sight) => sight.Migration is not { } migration
        ? Fact.Seen<ReportedReceipt?>(null)
        : migration.Receipt.Select(found => found is { } standing
            ? new ReportedReceipt(standing.Facts.Digest, standing.Receipt.FinishedAt, standing.Receipt.Objects,
                standing.Receipt.Bytes) { NotCarried = standing.Receipt.NotCarried }
            : null);
}
