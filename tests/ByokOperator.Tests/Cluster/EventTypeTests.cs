using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Notifications;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Keys;
using ByokOperator.Tests.Stores;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Kube.Runtime.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Cluster;

/// <summary>
/// An Event about the state of an object is a Warning exactly when the object is stalled, when its store is closing,
/// closed or held still, or when its key is revoked, and never for how its reason is spelled. Told by the real
/// controllers, read back from the API server.
/// </summary>
public sealed class EventTypeTests
{
    private static readonly StoreWorld Reported =
        Worlds.Open with { Report = Fact.Seen<ReportFacts?>(new ReportFacts(Worlds.Noon, null, [], "Open")) };

    private static readonly Dictionary<string, StoreWorld> stores = new()
    {
        ["ready"] = Reported,
        ["at work"] = Worlds.Open,
        ["under a key that nobody can ask"] =
            Reported with { Key = Worlds.Judged(new KeyJudgement.Unknown("Unreachable", Worlds.Noon)) },
        ["told of something while it is ready"] = Reported with { Key = Waiting(pauses: false) },
        ["stalled"] = Reported with { Violations = ["spec.aws.region: wrong"] },
        ["closing"] = Worlds.Revoked,
        ["closed"] = Worlds.Closed,
        ["paused"] = Reported with
        {
            Key = Waiting(pauses: true),
            Workloads = Fact.Seen(new WorkloadState(0, 1) { AreSelected = true }),
        },
    };

    private static readonly Dictionary<string, KeyWorld> keys = new()
    {
        ["ready"] = KeyWorlds.Good,
        ["at work"] = KeyWorlds.Good with { IsClaimed = false },
        ["not heard"] =
            KeyWorlds.Answering(KeyWorlds.Usable with { Verdict = KeyVerdict.Unknown, Reason = "Unreachable" }),
        ["stalled"] = KeyWorlds.Good with { Violations = ["spec.awsKms: wrong"] },
        ["revoked"] =
            KeyWorlds.Answering(KeyWorlds.Usable with { Verdict = KeyVerdict.Revoked, Reason = "KeyDisabled" }),
    };

    [Theory]
    [InlineData("ready", "Normal")]
    [InlineData("at work", "Normal")]
    [InlineData("under a key that nobody can ask", "Normal")]
    [InlineData("told of something while it is ready", "Normal")]
    [InlineData("stalled", "Warning")]
    [InlineData("closing", "Warning")]
    [InlineData("closed", "Warning")]
    [InlineData("paused", "Warning")]
    public async Task The_Event_of_a_store(string state, string type)
    {
        await using var lookout = await Lookout.StartAsync();
        var (store, world) = (await lookout.ApplyStoreAsync(), stores[state]);
        (await ToldAsync(lookout,
            publisher => StoreWiring.Build(
                    lookout.Around, lookout.Board, lookout.Neighbours, publisher, LeadershipFence.Alone())
                .ReportAsync(store, world, StorePlan.Choose(world), [], CancellationToken.None))).ShouldBe([type]);
    }

    [Theory]
    [InlineData("ready", "Normal")]
    [InlineData("at work", "Normal")]
    [InlineData("not heard", "Normal")]
    [InlineData("stalled", "Warning")]
    [InlineData("revoked", "Warning")]
    public async Task The_Event_of_a_key(string state, string type)
    {
        await using var lookout = await Lookout.StartAsync();
        var (key, world) = (await lookout.ApplyKeyAsync(), keys[state]);
        (await ToldAsync(lookout, async publisher =>
        {
            var controller = KeyWiring.Build(
                lookout.Around, new ImportWiring(lookout.Kube, lookout.Around.Options, lookout.Around.Time),
                lookout.Board, publisher, LeadershipFence.Alone());
            controller.Publish(key, world);
            await controller.ReportAsync(key, world, KeyLadder.Choose(world), [], CancellationToken.None);
        })).ShouldBe([type]);
    }

    private static Fact<KeySnapshot?> Waiting(bool pauses)
    {
        var waiting = Fact.Seen<UnconfirmedVersion?>(new("m2", "m1", IsHeld: false, pauses));
        return Worlds.Judged(new KeyJudgement.Usable(Worlds.Noon)).Select(key => key is null
            ? null
            : key with
            {
                Regions = key.Regions.ToDictionary(one => one.Key, one => one.Value with { Unconfirmed = waiting }),
            });
    }

    /// <summary>The types of all Events that were written.</summary>
    private static async Task<IReadOnlyList<string?>> ToldAsync(Lookout lookout, Func<Publisher, Task> report)
    {
        var events = new EventRecorder(lookout.Kube.Api<KubeEvent>(), new EventSource("byok.dev/operator", "test"),
            TimeProvider.System, NullLogger<EventRecorder>.Instance);
        await report(new Publisher(events, new NotificationBoard(TimeProvider.System, hasSink: false)));
        await events.RunAsync(new CancellationToken(canceled: true)); // says what it still has to
        return
        [
            .. (await lookout.Kube.Api<KubeEvent>()
                .ListPageAsync(new Selection(Lookout.Namespace), null, CancellationToken.None)).Items
                    .Select(one => one.Type),
        ];
    }
}
