using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Events;

public sealed class EventRecorderTests
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task Equal_remarks_become_one_event_with_a_count()
    {
        await using var cluster = await Cluster.StartAsync();
        var thing = await cluster.CreateAsync("a");
        var recorder = Recorder(cluster);
        for (var i = 0; i < 5; i++)
        {
            recorder.Warn(thing, "Closed", "Close", "it is closed");
        }

        await RunUntilAsync(recorder, async () => (await EventsAsync(cluster)).FirstOrDefault()?.Series?.Count == 2);
        var told = (await EventsAsync(cluster)).ShouldHaveSingleItem();
        told.Reason.ShouldBe("Closed");
        told.Type.ShouldBe("Warning");
        told.Regarding!.Uid.ShouldBe(thing.Metadata.Uid);
        told.ReportingController.ShouldBe("tests.example/recorder");
    }

    [Fact]
    public async Task What_was_said_before_the_stop_is_still_written()
    {
        await using var cluster = await Cluster.StartAsync();
        var recorder = Recorder(cluster);
        recorder.Tell(await cluster.CreateAsync("a"), "Opened", "Open", "it is open");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await recorder.RunAsync(stop.Token);
        (await EventsAsync(cluster)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_server_that_refuses_events_stops_nobody()
    {
        await using var cluster = await Cluster.StartAsync();
        cluster.Server.Faults.Refuse(403, times: 1,
            which: (method, path) => method == "POST" && path.Contains("/events", StringComparison.Ordinal));
        var recorder = Recorder(cluster);
        var thing = await cluster.CreateAsync("a");
        recorder.Tell(thing, "First", "Open", "lost");
        recorder.Tell(thing, "Second", "Open", "written");
        await RunUntilAsync(recorder, async () => (await EventsAsync(cluster)).Any(told => told.Reason == "Second"));
    }

    [Fact]
    public async Task More_than_fits_is_dropped_without_waiting()
    {
        await using var cluster = await Cluster.StartAsync();
        var recorder = Recorder(cluster);
        var thing = await cluster.CreateAsync("a");
        for (var i = 0; i < 5000; i++)
        {
            recorder.Tell(thing, $"Reason{i}", "Talk", "nobody listens yet");
        }

        await RunUntilAsync(recorder, async () => (await EventsAsync(cluster)).Count == EventAggregator.Burst);
    }

    private EventRecorder Recorder(Cluster cluster) => new(
        cluster.Client.Api<KubeEvent>(), new EventSource("tests.example/recorder", "here"), time,
        NullLogger<EventRecorder>.Instance);

    private static async Task RunUntilAsync(EventRecorder recorder, Func<Task<bool>> condition)
    {
        using var stop = new CancellationTokenSource();
        using var limit = new CancellationTokenSource(Eventually.Bound);
        var running = recorder.RunAsync(stop.Token);
        while (!await condition())
        {
            await Task.Delay(5, limit.Token);
        }

        await stop.CancelAsync();
        await running;
    }

    private static async Task<List<KubeEvent>> EventsAsync(Cluster cluster)
    {
        var page = await cluster.Client.Api<KubeEvent>()
            .ListPageAsync(new Selection("n"), null, CancellationToken.None);
        return [.. page.Items];
    }
}
