using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Notifications;
using ByokOperator.Tests.Hosting;
using Cloud;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Kube.Runtime.Events;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>A look changes nothing and tells nobody, not even in this process;
/// what it saw is told afterwards.</summary>
public sealed class KeyLookTests
{
    [Fact]
    public async Task A_look_at_a_key_leaves_the_board_as_it_was()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        List<CallRecord> calls = [new("kms:Decrypt", DateTimeOffset.UnixEpoch, "Ok", "R1")];
        lookout.Keys.ProveAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(new KeyProof(KeyVerdict.Usable, "Proved", "", null, [], calls));
        List<ObjectKey> turned = [];
        lookout.Board.Changed += turned.Add;
        var controller = Controller(lookout);

        var world = await controller.LookOnAsync(key, await controller.LookAsync(key, CancellationToken.None),
            CancellationToken.None);
        (lookout.Board.Find(key.Metadata.Key), lookout.Board.EvidenceOf(key.Metadata.Key).Count,
            turned.Count).ShouldBe((null, 0, 0));

        controller.Publish(key, world);
        lookout.Board.Find(key.Metadata.Key)!.Regions[Lookout.Region].Judgement.ForDisplay()
            .ShouldBeOfType<KeyJudgement.Usable>();
        lookout.Board.EvidenceOf(key.Metadata.Key).ShouldBe(calls);
        controller.Publish(key, world);
        turned.ShouldBe([key.Metadata.Key], "the same again wakes nobody");
    }

    [Fact]
    public async Task What_could_not_be_worked_out_at_all_takes_no_earlier_judgement_back()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        lookout.Keys.ProveAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(new KeyProof(KeyVerdict.Usable, "Proved", "", null, [], []));
        var controller = Controller(lookout);
        controller.Publish(key, await controller.LookAsync(key, CancellationToken.None));
        var known = lookout.Board.Find(key.Metadata.Key);

        var nothing = key with { Spec = new() };
        controller.Publish(nothing, controller.Unseen(nothing, new InvalidOperationException()));
        lookout.Board.Find(key.Metadata.Key).ShouldBe(known);
    }

    private static KeyController Controller(Lookout lookout)
    {
        var events = new EventRecorder(lookout.Kube.Api<KubeEvent>(), new EventSource("byok.dev/operator", "test"),
            TimeProvider.System, NullLogger<EventRecorder>.Instance);
        return KeyWiring.Build(
            lookout.Around, new ImportWiring(lookout.Kube, lookout.Around.Options, lookout.Around.Time), lookout.Board,
            new Publisher(events, new NotificationBoard(TimeProvider.System, hasSink: false)), LeadershipFence.Alone());
    }
}
