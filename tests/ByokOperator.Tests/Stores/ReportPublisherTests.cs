using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Reports;
using ByokOperator.Reports.Signing;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Reports;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>The chain of a store's reports: what a crash, a lost key and a lost record make of it,
/// and what a tenant can't.</summary>
public sealed class ReportPublisherTests : IAsyncDisposable
{
    private static readonly ObjectKey Secret = new("byok-system", ReportKeys.SecretName);
    private static readonly ObjectKey PublicHalves = new("byok-system", ReportKeys.PublicName);

    private Lookout lookout = null!;
    private EncryptedStore store = null!;
    private NotificationBoard board = null!;

    [Fact]
    public async Task Reports_follow_each_other_and_are_signed_with_a_key_whose_public_half_stands()
    {
        await StartAsync();
        var first = await WriteAsync();
        var second = await WriteAsync();
        (first.Chain.Sequence, first.Chain.Begins!.Reason,
            first.Chain.Previous).ShouldBe((1, ReportLinkBegin.First, null));
        (second.Chain.Id, second.Chain.Sequence, second.Chain.Begins).ShouldBe((first.Chain.Id, 2, null));
        second.Chain.Previous!.Length.ShouldBe(64);
        (await KeysAsync()).ShouldHaveSingleItem().Id.ShouldBe(await SignedWithAsync());
        (await RecordAsync()).Pending.ShouldBeNull();
    }

    /// <summary>The record names report 2, and the process ends before it stands beside the store.</summary>
    [Fact]
    public async Task A_crash_between_record_and_report_shows_the_same_report_later_and_leaves_no_number_out()
    {
        await StartAsync();
        var first = await WriteAsync();
        lookout.Faults.Refuse(403,
            which: (method, path) => method == "PATCH" && path.Contains("store-report", StringComparison.Ordinal));
        await Should.ThrowAsync<KubeException>(WriteAsync);
        (await ShownAsync()).Chain.Sequence.ShouldBe(1);
        var digest = (await RecordAsync()).Digest;

        (await WriteAsync()).Chain.Sequence.ShouldBe(2, "shown by the next process, with the same bytes");
        ReportSignature.DigestOf(Encoding.UTF8.GetBytes((await MapAsync()).Data![ReportMap.Entry])).ShouldBe(digest);
        (await RecordAsync()).Pending.ShouldBeNull();
        var third = await WriteAsync();
        (third.Chain.Id, third.Chain.Sequence, third.Chain.Previous).ShouldBe((first.Chain.Id, 3, digest));
        Told().ShouldBe([1, 2, 3], "each once");
    }

    [Fact]
    public async Task A_crash_before_the_record_lets_go_of_the_report_shows_it_once_more_and_no_other()
    {
        await StartAsync();
        lookout.Faults.Refuse(403,
            which: (method, path) =>
                method == "PATCH" && path.Contains("/configmaps/report.", StringComparison.Ordinal));
        await Should.ThrowAsync<KubeException>(WriteAsync);
        (await ShownAsync()).Chain.Sequence.ShouldBe(1);
        var before = (await MapAsync()).Data![ReportMap.Entry];

        (await WriteAsync()).Chain.Sequence.ShouldBe(1);
        (await MapAsync()).Data![ReportMap.Entry].ShouldBe(before);
        (await WriteAsync()).Chain.Sequence.ShouldBe(2);
        Told().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Two_that_decided_on_the_same_look_do_not_both_write()
    {
        await StartAsync();
        await WriteAsync();
        var (one, other) = (Publisher(), Publisher());
        var (turn, late) =
            (await one.NextAsync(store, CancellationToken.None), await other.NextAsync(store, CancellationToken.None));
        await one.PublishAsync(store, turn, _ => Report(turn.Link), null, CancellationToken.None);
        (await Executors.RefusalAsync(() =>
            other.PublishAsync(store, late, _ => Report(late.Link), null, CancellationToken.None)))
                .ShouldBe("ReportOvertaken");
        (await ShownAsync()).Chain.Sequence.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_was_taken_away_is_made_anew_and_the_new_chain_says_after_which_report()
    {
        await StartAsync();
        var first = await WriteAsync();
        var old = await SignedWithAsync();
        await lookout.Kube.Api<Secret>().DeleteAsync(Secret, null, CancellationToken.None);

        var next = await WriteAsync(
            new ReportKeys(lookout.Kube, "byok-system", TimeProvider.System,
                Microsoft.Extensions.Logging.Abstractions.NullLogger<ReportKeys>.Instance));

        next.Chain.Sequence.ShouldBe(1);
        next.Chain.Id.ShouldNotBe(first.Chain.Id);
        next.Chain.Begins!.Reason.ShouldBe(ReportLinkBegin.KeyReplaced);
        (next.Chain.Begins.After!.Id, next.Chain.Begins.After.Sequence,
            next.Chain.Begins.After.KeyId).ShouldBe((first.Chain.Id, 1, old));
        (await SignedWithAsync()).ShouldNotBe(old);
        (await KeysAsync()).Select(key => key.Id)
            .ShouldBe([old, await SignedWithAsync()], ignoreOrder: true,
                "what the old one signed can still be verified");
    }

    [Fact]
    public async Task A_secret_that_holds_no_key_signs_nothing_and_is_not_written_over()
    {
        await StartAsync();
        await lookout.Kube.Api<Secret>().CreateAsync(
            new Secret
            {
                Metadata = new ObjectMeta { Name = Secret.Name, Namespace = Secret.Namespace },
                Data = new Dictionary<string, byte[]> { ["key.pem"] = "none"u8.ToArray() },
            }, CancellationToken.None, "test");
        var refused = await Should.ThrowAsync<RefusedActException>(WriteAsync);
        (refused.Reason, refused.NeedsPerson).ShouldBe(("ReportKeyUnusable", true));
        refused.Message.ShouldContain("restore it from the backup, or delete it");
        (await lookout.Kube.Api<Secret>().GetAsync(Secret, CancellationToken.None)).Data!["key.pem"]
            .ShouldBe("none"u8.ToArray());
        (await lookout.Kube.Api<ConfigMap>().TryGetAsync(PublicHalves, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_record_that_is_gone_begins_a_chain_that_says_so_where_the_last_report_still_stands()
    {
        await StartAsync();
        await WriteAsync();
        var last = await WriteAsync();
        await lookout.Kube.Api<ConfigMap>().DeleteAsync(RecordAddress, null, CancellationToken.None);
        var next = await WriteAsync();
        next.Chain.Begins!.Reason.ShouldBe(ReportLinkBegin.RecordLost);
        (next.Chain.Begins.After!.Id, next.Chain.Begins.After.Sequence).ShouldBe((last.Chain.Id, 2));
    }

    [Fact]
    public async Task A_record_that_somebody_edited_counts_as_gone()
    {
        await StartAsync();
        await WriteAsync();
        await lookout.Kube.Api<ConfigMap>()
            .PatchMergeAsync(RecordAddress, new JsonObject { ["data"] = new JsonObject { ["record"] = "{}" } },
                CancellationToken.None);
        (await WriteAsync()).Chain.Begins!.Reason.ShouldBe(ReportLinkBegin.RecordLost);
    }

    [Fact]
    public async Task A_record_that_was_put_back_to_an_earlier_state_gives_no_number_twice()
    {
        await StartAsync();
        await WriteAsync();
        var backup = await lookout.Kube.Api<ConfigMap>().GetAsync(RecordAddress, CancellationToken.None);
        var last = await WriteAsync();
        await lookout.Kube.Api<ConfigMap>().PatchMergeAsync(
            RecordAddress,
            new JsonObject
            {
                ["data"] = new JsonObject { ["record"] = backup.Data!["record"], ["mac"] = backup.Data["mac"] },
            }, CancellationToken.None);
        var next = await WriteAsync();
        (next.Chain.Sequence, next.Chain.Begins!.Reason,
            next.Chain.Begins.After!.Sequence).ShouldBe((1, ReportLinkBegin.RecordRestored, last.Chain.Sequence));
    }

    /// <summary>Whoever has edit in the namespace may write what stands there:
    /// nothing of it leads the chain anywhere.</summary>
    [Fact]
    public async Task What_a_tenant_writes_in_its_place_changes_nothing_of_the_chain()
    {
        await StartAsync();
        var first = await WriteAsync();
        var true1 = await MapAsync();
        await WriteAsync();
        foreach (var (text, signature) in ((string, string)[])
        [
            ("nonsense", "x..y"),
            (true1.Data![ReportMap.Entry], true1.Data[ReportMap.SignatureEntry]),
            (true1.Data[ReportMap.Entry].Replace("\"sequence\": 1", "\"sequence\": 900", StringComparison.Ordinal),
                true1.Data[ReportMap.SignatureEntry]),
        ])
        {
            await lookout.Kube.Api<ConfigMap>().PatchMergeAsync(
                (await MapAsync()).Metadata.Key,
                new JsonObject
                {
                    ["data"] = new JsonObject { [ReportMap.Entry] = text, [ReportMap.SignatureEntry] = signature },
                }, CancellationToken.None);
            (await WriteAsync()).Chain.Id.ShouldBe(first.Chain.Id);
        }

        (await ShownAsync()).Chain.Sequence.ShouldBe(5);
    }

    /// <summary>The report stood, and whoever wrote it ended before it was sent.</summary>
    [Fact]
    public async Task The_next_leader_tells_the_sink_of_the_report_that_stands_once_and_of_none_that_a_tenant_wrote()
    {
        await StartAsync();
        await WriteAsync();
        board = new NotificationBoard(TimeProvider.System, hasSink: true);
        var next = Publisher();
        var facts = ReportMap.Facts((await MapAsync()).Metadata.Annotations);
        await next.RetellAsync(store, facts, CancellationToken.None);
        await next.RetellAsync(store, facts, CancellationToken.None);
        Told().ShouldBe([1]);

        var map = await MapAsync();
        await lookout.Kube.Api<ConfigMap>().PatchMergeAsync(
            map.Metadata.Key,
            new JsonObject
            {
                ["data"] = new JsonObject
                {
                    [ReportMap.Entry] = map.Data![ReportMap.Entry]
                        .Replace("Usable", "Revoked", StringComparison.Ordinal),
                },
            }, CancellationToken.None);
        board = new NotificationBoard(TimeProvider.System, hasSink: true);
        await Publisher().RetellAsync(store, facts, CancellationToken.None);
        Told().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_just_written_is_not_told_twice_and_what_is_old_not_at_all()
    {
        await StartAsync();
        var publisher = Publisher();
        var turn = await publisher.NextAsync(store, CancellationToken.None);
        var facts = await publisher.PublishAsync(store, turn, _ => Report(turn.Link), null, CancellationToken.None);
        await publisher.RetellAsync(store, facts, CancellationToken.None);
        Told().ShouldBe([1]);
        await Publisher()
            .RetellAsync(store, facts! with { WrittenAt = facts.WrittenAt - NotificationBoard.Fresh },
                CancellationToken.None);
        Told().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_too_long_for_a_record_is_cut_as_one_too_long_for_a_ConfigMap_is()
    {
        await StartAsync();
        var asked = new List<int>();
        var publisher = Publisher();
        var turn = await publisher.NextAsync(store, CancellationToken.None);
        await publisher.PublishAsync(
            store, turn,
            bytes =>
            {
                asked.Add(bytes);
                return ReportBuilder.Build(Long(turn.Link), bytes);
            },
            null, CancellationToken.None);
        asked.ShouldBe([ReportBuilder.MaxBytes, PackedReport.SurelyFits]);
        (await ShownAsync()).Omitted.Census.ShouldBeGreaterThan(0);
    }

    public async ValueTask DisposeAsync() => await lookout.DisposeAsync();

    private ObjectKey RecordAddress =>
        lookout.Around.Cluster.Records.AddressOf<ReportRecord>(RecordOwner.Of(store.Metadata));

    private async Task StartAsync()
    {
        lookout = await Lookout.StartAsync();
        store = await lookout.ApplyStoreAsync();
        board = new NotificationBoard(TimeProvider.System, hasSink: true);
    }

    private ReportPublisher Publisher(ReportKeys? keys = null) =>
        new(keys is null ? lookout.Around : lookout.Around with { ReportKeys = keys }, board);

    private Task<EncryptionReport> WriteAsync() => WriteAsync(null);

    /// <summary>As the act does it.</summary>
    private async Task<EncryptionReport> WriteAsync(ReportKeys? keys)
    {
        var publisher = Publisher(keys);
        var turn = await publisher.NextAsync(store, CancellationToken.None);
        if (await publisher.FinishAsync(store, turn, CancellationToken.None) is null)
        {
            await publisher.PublishAsync(store, turn, _ => Report(turn.Link), null, CancellationToken.None);
        }

        return await ShownAsync();
    }

    private EncryptionReport Report(ReportLink link) =>
        ReportBuilder.Build(
            ReportInputs.Fine with { Store = store, Link = link, Now = TimeProvider.System.GetUtcNow() });

    private ReportInput Long(ReportLink link) => ReportInputs.Fine with
    {
        Store = store,
        Link = link,
        Census = Fact.Seen<IReadOnlyList<CensusEntry>>([.. Enumerable.Range(0, 1_000).Select(_ => new CensusEntry
        {
            Key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(480)), Objects = 1,
            Bytes = 1,
        })]),
    };

    private Task<ConfigMap> MapAsync() =>
        lookout.Kube.Api<ConfigMap>()
            .GetAsync(new ObjectKey(Lookout.Namespace, "store-report"), CancellationToken.None);

    private async Task<EncryptionReport> ShownAsync() =>
        JsonSerializer.Deserialize((await MapAsync()).Data![ReportMap.Entry], ReportJson.Default.EncryptionReport)!;

    private async Task<string?> SignedWithAsync()
    {
        var signed = ReportMap.Signed(await MapAsync())!;
        var key = (await KeysAsync()).Single(known => known.Id == ReportSignature.KeyIdOf(signed.Signature));
        ReportSignature.Fits(key, signed.Signature!, Encoding.UTF8.GetBytes(signed.Text)).ShouldBeTrue();
        return key.Id;
    }

    private async Task<IReadOnlyList<ReportKey>> KeysAsync() =>
        ReportKeys.In(await lookout.Kube.Api<ConfigMap>().GetAsync(PublicHalves, CancellationToken.None));

    private async Task<ReportRecord> RecordAsync() =>
        (await new RecordWriter(lookout.Around).ReadAsync<ReportRecord>(RecordOwner.Of(store.Metadata),
            CancellationToken.None)).Trusted!;

    private List<long> Told()
    {
        List<long> told = [];
        while (board.TryTake(out var notice))
        {
            told.Add(SignedReport.Place(notice.Data.Report!)!.Link.Sequence);
        }

        return told;
    }
}
