using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Records;

/// <summary>Who may write what over a record, and what becomes of the key that they are signed with.</summary>
public sealed class RecordWriterTests
{
    private static readonly ObjectKey Secret = new("byok-system", RecordMacKey.SecretName);
    private static readonly RecordOwner owner = new("acme", "key", "uid-1");

    [Fact]
    public async Task The_key_of_the_macs_is_made_once_and_read_by_the_next_process()
    {
        await using var lookout = await Lookout.StartAsync();
        var made = await lookout.Kube.Api<Secret>().GetAsync(Secret, CancellationToken.None);
        made.Data!["key"].Length.ShouldBe(32);
        var map = RecordCodec.Build(KeyRecord.New(owner), "byok-system", lookout.Around.Cluster.Records.MacKey);

        using var successor = await MacKeyAsync(lookout);

        RecordCodec.Read<KeyRecord>(map, successor).ShouldBeOfType<Recorded<KeyRecord>.Authentic>();
    }

    [Fact]
    public async Task
        Where_records_stand_and_their_key_is_gone_nothing_is_signed_and_nothing_believed_until_it_is_back()
    {
        await using var lookout = await Lookout.StartAsync();
        await new RecordWriter(lookout.Around).EditAsync<KeyRecord>(owner,
            record => record with { Materials = ImportWorlds.Bound("ff") }, CancellationToken.None);
        var map = (await lookout.Kube.Api<ConfigMap>()
            .ListPageAsync(new Selection("byok-system", RecordCodec.Label), null, CancellationToken.None)).Items
                .Single();
        var backup = await lookout.Kube.Api<Secret>().GetAsync(Secret, CancellationToken.None);
        await lookout.Kube.Api<Secret>().DeleteAsync(Secret, null, CancellationToken.None);

        using (var successor = await MacKeyAsync(lookout))
        {
            successor.IsReady.ShouldBeFalse();
            Should.Throw<RefusedActException>(() => successor.Sign("name", "text")).Message
                .ShouldContain("restore it from the backup");
            RecordCodec.Read<KeyRecord>(map, successor).Fault!.Message.ShouldContain(RecordMacKey.SecretName);
            (await lookout.Kube.Api<Secret>().TryGetAsync(Secret, CancellationToken.None))
                .ShouldBeNull("a new key would make every record a stranger's for good");
        }

        await lookout.Kube.Api<Secret>().CreateAsync(
            new Secret
            {
                Metadata = new ObjectMeta { Name = Secret.Name, Namespace = Secret.Namespace },
                Data = backup.Data,
            }, CancellationToken.None, "test");
        using var restored = await MacKeyAsync(lookout);
        RecordCodec.Read<KeyRecord>(map, restored).ShouldBeOfType<Recorded<KeyRecord>.Authentic>();
    }

    /// <summary>Until it is read no record is trusted: a server that fails once
    /// must not cost a closing a quarter of a minute.</summary>
    [Fact]
    public async Task A_key_of_the_macs_that_could_not_be_read_is_asked_for_again_after_a_second()
    {
        await using var lookout = await Lookout.StartAsync();
        var time = new StandingTime();
        using var macKey = new RecordMacKey("byok-system", time, NullLogger<RecordMacKey>.Instance);
        lookout.Faults.Refuse(403, times: 1, which: (_, path) => path.EndsWith(Secret.Name, StringComparison.Ordinal));

        await macKey.EnsureAsync(lookout.Kube, CancellationToken.None);
        await macKey.EnsureAsync(lookout.Kube, CancellationToken.None);
        macKey.IsReady.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        await macKey.EnsureAsync(lookout.Kube, CancellationToken.None);

        macKey.IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task A_record_that_somebody_edited_is_not_written_over()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var records = new KeyRecords(lookout.Around);
        await records.BindMaterialAsync(key, 1, "first", CancellationToken.None);
        await lookout.SpoilRecordsAsync("""{"keyId":"x"}""");

        var refused = await Should.ThrowAsync<RefusedActException>(() =>
            records.BindMaterialAsync(key, 2, "second", CancellationToken.None));

        refused.Reason.ShouldBe("RecordUnreadable");
        refused.Message.ShouldContain("restore the ConfigMap");
        lookout.Around.Cluster.Records.Maps.List().Single().Data!["record"].ShouldBe("""{"keyId":"x"}""");
    }

    [Fact]
    public async Task What_could_not_be_read_back_is_not_written()
    {
        await using var lookout = await Lookout.StartAsync();
        var writer = new RecordWriter(lookout.Around);
        (await Should.ThrowAsync<RefusedActException>(() =>
            writer.EditAsync<StoreRecord>(owner, record => record with { SetAside = "{}" },
                CancellationToken.None))).Reason.ShouldBe("RecordInvalid");
        (await writer.ReadAsync<StoreRecord>(owner, CancellationToken.None))
            .ShouldBeOfType<Recorded<StoreRecord>.Absent>();
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_writes_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        var writer = new RecordWriter(lookout.Around);
        await writer.EditAsync<KeyRecord>(owner, record => record with { Materials = ImportWorlds.Bound("ff") },
            CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Records.Maps.Count == 1);
        var before = lookout.Around.Cluster.Records.Maps.List().Single().Metadata.ResourceVersion;

        await writer.EditAsync<KeyRecord>(owner, record => record.BoundTo(1, "00", ImportWorlds.Now),
            CancellationToken.None);

        var name = lookout.Around.Cluster.Records.AddressOf<KeyRecord>(owner);
        (await lookout.Kube.Api<ConfigMap>().GetAsync(name, CancellationToken.None)).Metadata.ResourceVersion
            .ShouldBe(before);
    }

    private static async Task<RecordMacKey> MacKeyAsync(Lookout lookout)
    {
        var macKey = new RecordMacKey("byok-system", TimeProvider.System, NullLogger<RecordMacKey>.Instance);
        await macKey.EnsureAsync(lookout.Kube, CancellationToken.None);
        return macKey;
    }

    private sealed class StandingTime : TimeProvider
    {
        private TimeSpan now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public void Advance(TimeSpan span) => now += span;
    }
}
