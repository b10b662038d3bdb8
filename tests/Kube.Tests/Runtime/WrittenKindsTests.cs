using System.Text.Json.Nodes;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Events;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime;

/// <summary>What this library itself writes, field by field as it reaches the server, whatever types stand behind it:
/// a field that nobody set is not sent, neither as null nor as 0.</summary>
public sealed class WrittenKindsTests
{
    private const string SixDigits = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$";

    private readonly ManualTime time = new();

    [Fact]
    public async Task A_lease_holds_who_and_how_long_and_times_of_six_digits()
    {
        await using var cluster = await Cluster.StartAsync();
        using var stop = new CancellationTokenSource();
        var elector = new LeaderElector(
            cluster.Client.Api<Lease>(), new() { Lease = new ObjectKey("n", "lease"), Identity = "one" }, time,
            NullLogger<LeaderElector>.Instance);
        var running = elector.RunAsync(stop.Token);
        await elector.Acquired.WaitAsync(Eventually.Bound);
        var taken = await SpecAsync(cluster);
        var at = (string)taken["renewTime"]!;
        at.ShouldMatch(SixDigits, "the one form that every server takes, at a whole second too");
        Same(taken, $$"""
            {"holderIdentity":"one","leaseDurationSeconds":15,"acquireTime":"{{at}}","renewTime":"{{at}}","leaseTransitions":0}
            """);

        await Eventually.Holds(() => time.NextDueIn == TimeSpan.FromSeconds(2), "the elector waits");
        time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.Holds(() => time.NextDueIn == TimeSpan.FromSeconds(2), "it has renewed");
        var kept = await SpecAsync(cluster);
        Same(kept, $$"""
            {"holderIdentity":"one","leaseDurationSeconds":15,"acquireTime":"{{at}}","renewTime":"{{kept["renewTime"]}}","leaseTransitions":0}
            """);

        await stop.CancelAsync();
        await running;
        var given = await SpecAsync(cluster);
        Same(given, $$"""
            {"holderIdentity":"","leaseDurationSeconds":1,"acquireTime":"{{at}}","renewTime":"{{given["renewTime"]}}","leaseTransitions":0}
            """);
    }

    [Fact]
    public async Task An_event_says_what_it_is_about_and_a_series_only_when_it_goes_on()
    {
        await using var cluster = await Cluster.StartAsync();
        var thing = await cluster.CreateAsync("a");
        var recorder = new EventRecorder(
            cluster.Client.Api<KubeEvent>(), new EventSource("tests.example/recorder", "here"), time,
            NullLogger<EventRecorder>.Instance);
        recorder.Warn(thing, "Closed", "Close", "it is closed");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await recorder.RunAsync(stop.Token);

        var page = await RawAsync(cluster, "/apis/events.k8s.io/v1/namespaces/n/events");
        var told = page["items"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        told.Remove("metadata");
        var at = (string)told["eventTime"]!;
        at.ShouldMatch(SixDigits);
        Same(told, $$"""
            {"apiVersion":"events.k8s.io/v1","kind":"Event","eventTime":"{{at}}","reportingController":"tests.example/recorder",
             "reportingInstance":"here","action":"Close","reason":"Closed","note":"it is closed","type":"Warning",
             "regarding":{"apiVersion":"{{Thing.Kind.ApiVersion}}","kind":"{{Thing.Kind.Kind}}","namespace":"n","name":"a",
                          "uid":"{{thing.Metadata.Uid}}","resourceVersion":"{{thing.Metadata.ResourceVersion}}"}
            }
            """);
    }

    private static async Task<JsonObject> SpecAsync(Cluster cluster) =>
        (await RawAsync(cluster, "/apis/coordination.k8s.io/v1/namespaces/n/leases/lease"))["spec"]!.AsObject();

    private static async Task<JsonObject> RawAsync(Cluster cluster, string path)
    {
        using var http = new HttpClient { BaseAddress = cluster.Server.Address };
        return JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!.AsObject();
    }

    private static void Same(JsonObject seen, string wanted) =>
        JsonNode.DeepEquals(seen, JsonNode.Parse(wanted)).ShouldBeTrue($"{seen.ToJsonString()} is not {wanted}");
}
