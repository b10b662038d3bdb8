using System.Text.Json;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Notifications;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Returning;
using ByokOperator.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;
using NSubstitute;
using Shouldly;

namespace ByokOperator.Tests.Hosting;

/// <summary>The real executors over a lookout's cluster and clouds, and what these say so that acts get on.</summary>
internal sealed class Executors(Lookout lookout, IObjectData? objects = null)
{
    public const string SharedBucket = "shared";
    public const string Prefix = "acme/";

    private readonly OperatorContext around = lookout.Around with
    {
        Cloud = lookout.Around.Cloud with { Objects = objects ?? lookout.Objects },
    };

    public OperatorContext Around => around;

    public StoreCensuses Censuses { get; init; } = new();

    public KeyRecords KeyRecords => new(around);

    public StoreRecords StoreRecords => new(around);

    public KeyProofGuard Gate => new(around, KeyRecords, lookout.Board);

    public TargetActs Target => new(around, Gate, Marks);

    public BindingActs Bindings => new(around, Gate);

    public MigrationActs Migration => new(around, Marks, Gate, Bindings, LeadershipFence.Alone());

    public ReturnActs Returns => new(around, Gate, Target, LeadershipFence.Alone());

    public NextActs Next => new(around, Gate, Marks, LeadershipFence.Alone());

    public ImportActs Imports =>
        new(around, KeyRecords, new KeyLiveReads(around), new UploadReader(around, platform: null!, requests: null!));

    public KeyActs Keys => new(around, KeyRecords, new KeyLiveReads(around), Imports, LeadershipFence.Alone());

    public StoreActs Stores => new(
        around, lookout.Board,
        new ReportActs(around, lookout.Board, Censuses,
            new ReportPublisher(around, new NotificationBoard(around.Time, hasSink: false))),
        LeadershipFence.Alone());

    private StoreMarks Marks => new(around.Cloud.Objects, lookout.Stores);

    public static async Task<string> RefusalAsync(Func<Task> act) =>
        (await Should.ThrowAsync<RefusedActException>(act)).Reason;

    /// <summary>A key with a stored canary, judged by this process, that proves itself each time.</summary>
    public async Task<KeyPin> ProveAsync()
    {
        var key = await lookout.ApplyKeyAsync();
        var context = new Dictionary<string, string> { ["byok.dev/tenant"] = Lookout.Namespace };
        var canary = new Canary(Lookout.Arn, "m1", new byte[] { 1, 2, 3 }, context);
        await KeyRecords.SaveCanaryAsync(
            key, Lookout.Region, KeyRecordCanary.Of(canary).Text(), CancellationToken.None);
        await Lookout.UntilAsync(() => around.Cluster.RecordOf(key).Trusted is not null);
        Judged(key, StoredCanary.Of(canary).Pin);
        Answers(KeyVerdict.Usable, "Proved");
        return StoredCanary.Of(canary).Pin;
    }

    /// <summary>Another key of the same namespace, judged and proved like the first.</summary>
    public async Task<KeyPin> SecondAsync(string name, string arn)
    {
        var key = await lookout.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new() { Name = name, Namespace = Lookout.Namespace },
                Spec = new()
                {
                    AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Lookout.Region, Arn = arn }] },
                },
            },
            "test", CancellationToken.None);
        await Lookout.UntilAsync(() => around.Cluster.Keys.Find(key.Metadata.Key) is not null);
        var canary = new Canary(arn, "m1", new byte[] { 4, 5, (byte)arn[^1] },
            new Dictionary<string, string> { ["byok.dev/tenant"] = Lookout.Namespace });
        await KeyRecords.SaveCanaryAsync(around.Cluster.Standing(key), Lookout.Region,
            KeyRecordCanary.Of(canary).Text(), CancellationToken.None);
        await Lookout.UntilAsync(() => around.Cluster.RecordOf(key).Trusted is not null);
        var pin = StoredCanary.Of(canary).Pin;
        lookout.Board.Put(key.Metadata.Key, new KeySnapshot(
            key.Metadata.Uid!, KeyStates.Active, IsDeleting: false, TimeSpan.FromMinutes(15),
            new Dictionary<string, RegionSnapshot>
            {
                [Lookout.Region] =
                    new(arn, Fact.Seen<KeyJudgement>(new KeyJudgement.Usable(DateTimeOffset.UtcNow)), pin),
            }));
        return pin;
    }

    /// <summary>This process knows the key.</summary>
    public void Judged(TenantEncryptionKey key, KeyPin? pin)
    {
        var region = new RegionSnapshot(
            Lookout.Arn, Fact.Seen<KeyJudgement>(new KeyJudgement.Usable(around.Time.GetUtcNow())), pin);
        lookout.Board.Put(key.Metadata.Key, new KeySnapshot(
            key.Metadata.Uid!, KeyStates.Active, IsDeleting: false, TimeSpan.FromMinutes(15),
            new Dictionary<string, RegionSnapshot> { [Lookout.Region] = region }));
    }

    public void Answers(KeyVerdict verdict, string reason) =>
        lookout.Keys.ProveAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(new KeyProof(verdict, reason, "", null, [], []));

    public void Owned(StoreOwnership ownership) => lookout.Stores.OwnershipAsync(default!, default)
        .ReturnsForAnyArgs(ownership);

    public void Fenced(string? fence)
    {
        var seen = new SharedDescription(
            Exists: true, IsVersioned: true, IsEmpty: false, fence, UnfinishedUploads: 0, []);
        lookout.Stores.DescribeSharedAsync(default!, default!, default)
            .ReturnsForAnyArgs(seen with { FencedSince = DateTimeOffset.UtcNow - TimeSpan.FromHours(2) });
    }

    public void Pinned(KeyPin pin) =>
        Marked(MarkNames.Root + "pin.json", JsonSerializer.SerializeToUtf8Bytes(pin, MarkJson.Default.KeyPin));

    public void Served(string receipt) =>
        Marked(MarkNames.Root + "served.json", JsonSerializer.SerializeToUtf8Bytes(
            new ServedMark(receipt, DateTimeOffset.UtcNow), MarkJson.Default.ServedMark));

    /// <returns>Its digest.</returns>
    public async Task<string> ReceiptStandsAsync(EncryptedStore store, string fence)
    {
        Marked(MarkNames.Receipt, Byok.Copying.Marks.Pack(new Receipt
        {
            SpecHash = StoreNames.Scope(store, Lookout.Arn), FenceToken = fence, Fingerprint = "delta-1",
            Source = SharedBucket, Prefix = Prefix, Target = "acme", KeyId = Lookout.Arn,
            Verification = "Checksum", Shards = [],
        }));
        var standing = await Marks.ReceiptAsync(new StoreRef(Lookout.Region, "acme"), CancellationToken.None);
        return standing!.Value.Facts.Digest;
    }

    private void Marked(string name, byte[] content) =>
        lookout.Objects.ReadMarkAsync(Arg.Any<StoreRef>(), name, Arg.Any<CancellationToken>())
            .Returns(new Mark(content, "e"));

    /// <summary>One that moves, as the cluster has it.</summary>
    public async Task<EncryptedStore> ApplyAsync(Func<EncryptedStoreSpec, EncryptedStoreSpec>? change = null)
    {
        var spec = new EncryptedStoreSpec
        {
            KeyRef = new KeyReference { Name = "key" },
            Aws = new AwsStore { Region = Lookout.Region, BucketName = "acme" },
            Shared = new SharedLocation { Aws = new AwsSharedLocation { Bucket = SharedBucket, Prefix = Prefix } },
        };
        var store = new EncryptedStore
        {
            Metadata = new() { Name = "store", Namespace = Lookout.Namespace },
            Spec = change?.Invoke(spec) ?? spec,
        };
        var applied = await lookout.Kube.Api<EncryptedStore>().ApplyAsync(store, "test", CancellationToken.None);
        await Lookout.UntilAsync(() => around.Cluster.Stores.Find(applied.Metadata.Key) is not null);
        return applied;
    }
}
