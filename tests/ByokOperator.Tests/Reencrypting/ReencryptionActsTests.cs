using System.Text.Json;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Copies;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Records;
using ByokOperator.Reencrypting;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reencrypting;

/// <summary>What the executors of a re-encryption do and refuse on a live look, over a real cluster's records and
/// clouds that say what a test wants.</summary>
public sealed class ReencryptionActsTests : IAsyncLifetime
{
    private const string OldArn = "arn:aws:kms:eu-west-1:222222222222:key/2";
    private const int Shards = 8;

    private static readonly DateTimeOffset RefusedAt = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private Lookout lookout = null!;
    private Executors executors = null!;
    private EncryptedStore store = null!;

    private IObjectEncryption Encryption => lookout.Around.Cloud.Encryption;

    public async ValueTask InitializeAsync()
    {
        lookout = await Lookout.StartAsync();
        executors = new Executors(lookout);
        var pin = await executors.ProveAsync();
        var old = await executors.SecondAsync("old", OldArn);
        store = await lookout.ApplyStoreAsync();
        executors.Owned(StoreOwnership.Ours);
        var mark = new PinMark(pin.KeyId, pin.MaterialId, pin.CanaryDigest)
        {
            KeyName = "key",
            Others = [new PinMarkKey("old", old.KeyId, old.MaterialId, old.CanaryDigest)],
        };
        lookout.Objects.ReadMarkAsync(Arg.Any<StoreRef>(), MarkNames.Root + "pin.json", Arg.Any<CancellationToken>())
            .Returns(new Mark(JsonSerializer.SerializeToUtf8Bytes(mark, MarkJson.Default.PinMark), "e"));
        await executors.StoreRecords.PutAsync(store, new PinMark(pin.KeyId, pin.MaterialId, pin.CanaryDigest),
            pin.KeyId, CancellationToken.None);
        await UntilAsync(record => record.Pin is not null);
        await executors.StoreRecords.ChangeKeysAsync(
            store,
            record =>
                record with
                {
                    AlsoPinned =
                    [
                        new StoreRecordKey("old", "", StoreRecords.Recorded(old)!)
                        {
                            Stage = PinStages.Refused,
                            Since = RefusedAt,
                        },
                    ],
                }, CancellationToken.None);
        await UntilAsync(record => record.AlsoPinned.Count == 1);
        Describes();
        Uploads();
        Encryption.CouldUpdateAsync(default!, default!, default).ReturnsForAnyArgs(true);
        Encryption.TryUpdateAsync(default!, default!, default!, default).ReturnsForAnyArgs(new UpdateSupport.Works());
    }

    public ValueTask DisposeAsync() => lookout.DisposeAsync();

    [Fact]
    public async Task A_run_is_begun_with_the_order_that_was_seen_and_begun_again_harmlessly()
    {
        await PerformAsync(new KeyChangeAct.StartReencryption(Run(), 1));
        await PerformAsync(new KeyChangeAct.StartReencryption(Run(), 1));
        var job = (await JobsAsync()).ShouldHaveSingleItem();
        job.Spec.Completions.ShouldBe(Shards);
        var arguments = string.Join(' ', job.Spec.Template!.Spec!.Containers![0].Args!);
        arguments.ShouldStartWith("reencrypt --store eu-west-1/");
        arguments.ShouldContain(
            $"--key {Lookout.Arn} --old-key {OldArn} --engine Update --run {Run()} --shards 8 --attempt 1");
        WorkerJobs.IsReencryption(job).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, true, false, "Update")]
    [InlineData(true, false, false, "Copy")]
    [InlineData(false, true, false, "Copy")]
    [InlineData(true, true, true, "Update")]
    [InlineData(true, false, true, null)]
    [InlineData(false, true, true, null)]
    public async Task The_engine_is_chosen_by_whose_the_keys_are_what_the_server_does_and_whether_versions_are_kept(
        bool isOwn, bool works, bool keepsVersions, string? engine)
    {
        Encryption.CouldUpdateAsync(default!, default!, default).ReturnsForAnyArgs(isOwn);
        Encryption.TryUpdateAsync(default!, default!, default!, default)
            .ReturnsForAnyArgs(works ? new UpdateSupport.Works()
                : new UpdateSupport.Refused("NotServed", "it does something else"));
        Describes(keepsVersions: keepsVersions);
        var start = new KeyChangeAct.StartReencryption(Run(keepsVersions), 1);
        if (engine is null)
        {
            (await RefusalAsync(start)).ShouldBe("ReencryptionNotSupported");
            (await JobsAsync()).ShouldBeEmpty();
            return;
        }

        await PerformAsync(start);
        (await JobsAsync()).Single().Spec.Template!.Spec!.Containers![0].Args!.ShouldContain(engine);
        if (!isOwn)
        {
            await Encryption.DidNotReceiveWithAnyArgs().TryUpdateAsync(default!, default!, default!, default);
        }
    }

    [Fact]
    public async Task Nothing_is_begun_or_released_that_was_decided_on_another_state_of_things()
    {
        foreach (var act
            in (KeyChangeAct[])[new KeyChangeAct.StartReencryption(Run(), 1), new KeyChangeAct.AbortUploads(Run()),
                new KeyChangeAct.ReleaseAll(Run())])
        {
            Describes("Policy");
            (await RefusalAsync(act)).ShouldBe("RefusalNotSeen", $"{act}");
            Describes(isDenied: true);
            (await RefusalAsync(act)).ShouldBe("RefusalNotSeen", $"{act}");
            Describes(keepsVersions: true);
            (await RefusalAsync(act)).ShouldBe("SpecChanged", "versions are kept by now");
            Describes();
        }

        await KeepAsync();
        (await RefusalAsync(new KeyChangeAct.StartReencryption(Run(), 1))).ShouldBe("ObjectsKept");
        (await RefusalAsync(new KeyChangeAct.ReleaseAll(Run()))).ShouldBe("ObjectsKept");
        executors.Answers(KeyVerdict.Revoked, "KeyDisabled");
        (await JobsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_is_dated_only_once_the_store_is_seen_to_refuse()
    {
        await executors.StoreRecords.ChangeKeysAsync(store,
            record => record with { AlsoPinned = [record.AlsoPinned[0] with { Since = null }] },
            CancellationToken.None);
        await UntilAsync(record => record.AlsoPinned[0].Since is null);
        Describes("Policy");
        (await RefusalAsync(new KeyChangeAct.Refuse("old"))).ShouldBe("RefusalNotSeen");
        Describes();
        await PerformAsync(new KeyChangeAct.Refuse("old"));
        await UntilAsync(record => record.AlsoPinned[0].Since is not null);
    }

    [Fact]
    public async Task
        A_store_whose_default_or_policy_somebody_changed_meanwhile_is_counted_anew_from_when_it_was_mended()
    {
        var before = Run();
        Finished(before);
        DateTimeOffset? datedWhileMending = RefusedAt;
        lookout.Stores.PrepareAsync(default!, default)
            .ReturnsForAnyArgs(async _ =>
                datedWhileMending = (await executors.StoreRecords.ReadAsync(RecordOwner.Of(store.Metadata),
                    CancellationToken.None)).Trusted!.AlsoPinned[0].Since);

        await executors.Stores.PerformAsync(store, Worlds.Open, new StoreAct.PrepareTarget(store.Metadata.Uid!),
            CancellationToken.None);

        datedWhileMending.ShouldBeNull("what breaks off while it is mended was seen all the same");
        await UntilAsync(record => record.AlsoPinned[0].Since is null);
        (await RefusalAsync(new KeyChangeAct.ReleaseAll(before)))
            .ShouldBe("SpecChanged", "an object may have come under the old key behind the run's back");
        await PerformAsync(new KeyChangeAct.Refuse("old"));
        await UntilAsync(record => record.AlsoPinned[0].Since is not null);
        Run().ShouldNotBe(before);
        (await RefusalAsync(new KeyChangeAct.ReleaseAll(Run()))).ShouldBe("ObjectsNotReencrypted");
    }

    [Fact]
    public async Task Workers_of_another_run_are_gone_before_one_is_begun()
    {
        Describes(keepsVersions: true);
        var other = Run(keepsVersions: true);
        await PerformAsync(new KeyChangeAct.StartReencryption(other, 1));
        Describes();
        (await RefusalAsync(new KeyChangeAct.StartReencryption(Run(), 1))).ShouldBe("OtherRunStands");
        await PerformAsync(new KeyChangeAct.StopReencryption(other));
        (await JobsAsync()).ShouldAllBe(job => job.Metadata.DeletionTimestamp != null);
    }

    [Fact]
    public async Task
        Uploads_that_began_before_the_refusal_are_aborted_and_no_others_and_until_then_nothing_is_begun_or_released()
    {
        var (old, fresh) = (new UnfinishedUpload("a", "1", RefusedAt.AddMinutes(-1)),
            new UnfinishedUpload("b", "2", RefusedAt.AddMinutes(1)));
        Uploads(old, fresh);
        (await RefusalAsync(new KeyChangeAct.StartReencryption(Run(), 1))).ShouldBe("UploadsUnfinished");
        (await RefusalAsync(new KeyChangeAct.ReleaseAll(Run()))).ShouldBe("UploadsUnfinished");
        await PerformAsync(new KeyChangeAct.AbortUploads(Run()));
        await Encryption.Received(1).AbortUploadAsync(Arg.Any<StoreRef>(), old, Arg.Any<CancellationToken>());
        await Encryption.DidNotReceive().AbortUploadAsync(Arg.Any<StoreRef>(), fresh, Arg.Any<CancellationToken>());
        Uploads(fresh);
        await PerformAsync(new KeyChangeAct.StartReencryption(Run(), 1));
    }

    [Fact]
    public async Task The_old_key_is_let_go_once_every_shard_counted_nothing_under_it()
    {
        var run = Run();
        (await RefusalAsync(new KeyChangeAct.ReleaseAll(run))).ShouldBe("ObjectsNotReencrypted");
        for (var shard = 0; shard < Shards; shard++)
        {
            (await RefusalAsync(new KeyChangeAct.ReleaseAll(run)))
                .ShouldBe("ObjectsNotReencrypted", $"shard {shard} said nothing");
            Finished(run, shard);
        }

        await PerformAsync(new KeyChangeAct.ReleaseAll(run));
        await UntilAsync(record => record.AlsoPinned is []);
        var written = lookout.Objects.ReceivedCalls()
            .Where(call => call.GetMethodInfo().Name == nameof(IObjectData.WriteMarkAsync))
            .Select(call =>
                JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)call.GetArguments()[2]!).Span,
                    MarkJson.Default.PinMark)!).Last();
        written.KeyIds.ShouldBe([Lookout.Arn]);
    }

    [Fact]
    public void A_run_is_named_after_the_keys_and_when_each_was_refused()
    {
        var record = lookout.Around.Cluster.RecordOf(store).Trusted!;
        string? Named(StoreRecord of, Func<EncryptedStoreSpec, EncryptedStoreSpec>? change = null) =>
            ReencryptionPlan.Of(store with { Spec = (change ?? (spec => spec))(store.Spec) }, of, false)?.Fingerprint;
        var old = record.AlsoPinned[0];
        var other = old with { Name = "other", Pin = old.Pin with { KeyId = OldArn + "3" } };
        var name = Named(record);
        Named(record with { AlsoPinned = [old with { Since = RefusedAt.AddSeconds(1) }] }).ShouldNotBe(name);
        Named(record with { Pin = record.Pin! with { KeyId = "another" } }).ShouldNotBe(name);
        Named(record with { AlsoPinned = [old, other] }).ShouldNotBe(name);
        Named(record with { AlsoPinned = [old, other] }).ShouldBe(Named(record with { AlsoPinned = [other, old] }));
        Named(record with { AlsoPinned = [old, other with { Stage = PinStages.Leaving }] })
            .ShouldBeNull("writes may still name it");
        Named(record with { AlsoPinned = [old with { Since = null }] }).ShouldBeNull("nobody saw that it is refused");
        Named(record with { AlsoPinned = [] }).ShouldBeNull();
        Named(record, spec => spec with { Rotation = new StoreRotation { ExistingObjects = StoreRotation.Keep } })
            .ShouldBeNull();
    }

    private void Finished(string run)
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            Finished(run, shard);
        }
    }

    private void Finished(string run, int shard)
    {
        var done = new ShardReencryption
        {
            Shard = shard,
            Shards = Shards,
            StartedAt = RefusedAt,
            UpdatedAt = RefusedAt,
            AdvancedAt = RefusedAt,
            FinishedAt = RefusedAt,
        };
        lookout.Objects.ReadMarkAsync(Arg.Any<StoreRef>(), MarkNames.Progress(run, shard), Arg.Any<CancellationToken>())
            .Returns(
                new Mark(JsonSerializer.SerializeToUtf8Bytes(done, ReencryptionJson.Default.ShardReencryption), "e"));
    }

    private string Run(bool keepsVersions = false) =>
        ReencryptionPlan.Of(store, lookout.Around.Cluster.RecordOf(store).Trusted, keepsVersions)!.Fingerprint;

    private Task<StoreWorld?> PerformAsync(KeyChangeAct act) =>
        executors.Stores.PerformAsync(store, Worlds.Open, act, CancellationToken.None);

    private Task<string> RefusalAsync(KeyChangeAct act) => Executors.RefusalAsync(() => PerformAsync(act));

    private Task UntilAsync(Func<StoreRecord, bool> holds) =>
        Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(store).Trusted is { } record && holds(record));

    private void Describes(string? drift = null, bool isDenied = false, bool keepsVersions = false) =>
        lookout.Stores.DescribeAsync(default!, default).ReturnsForAnyArgs(
            new StoreDescription(StoreOwnership.Ours, drift is null ? []
                : [drift], isDenied, Lookout.Arn, new Dictionary<string, string>(),
                    []) { KeepsVersions = keepsVersions });

    private void Uploads(params UnfinishedUpload[] uploads) =>
        Encryption.ListUploadsAsync(default!, default!, default).ReturnsForAnyArgs(_ => uploads.ToAsyncEnumerable());

    private async Task<IReadOnlyList<Job>> JobsAsync() =>
        (await lookout.Kube.Api<Job>()
            .ListPageAsync(new Selection(lookout.Around.Options.Namespace, $"{Labels.StoreUid}={store.Metadata.Uid}"),
                null, CancellationToken.None)).Items;

    private async Task KeepAsync()
    {
        var spec = store.Spec with { Rotation = new StoreRotation { ExistingObjects = StoreRotation.Keep } };
        await lookout.Kube.Api<EncryptedStore>()
            .ApplyAsync(
                new EncryptedStore
                {
                    Metadata = new() { Name = store.Metadata.Name, Namespace = store.Metadata.Namespace },
                    Spec = spec,
                }, "test", CancellationToken.None);
    }
}
