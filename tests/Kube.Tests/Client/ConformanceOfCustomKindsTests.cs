using System.Text.Json.Nodes;
using Kube.Client;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

/// <summary>What the client relies on where kinds are defined by a CustomResourceDefinition.</summary>
public sealed class ConformanceOfCustomKindsTests
{
    private static readonly DateTimeOffset then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private const string Edited = """
        {"status":{"conditions":[{"type":"Ready","status":"False","reason":"Test","lastTransitionTime":"2026-01-02T03:04:05Z"},
          {"type":"Reconciling","status":"True","reason":"Theirs","lastTransitionTime":"2026-01-02T03:04:05Z"}]}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_generation_counts_changes_of_the_spec_and_no_others(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var widgets = await WidgetsAsync(server);
        var made = await widgets.ApplyAsync(Widget(server) with { Spec = new(1) }, "us", Cancellation);
        var key = made.Metadata.Key;

        var told = await widgets.ApplyStatusAsync(Widget(server) with { Status = new([Is("Ready", "True")]) }, "us",
            Cancellation);
        var labelled = await widgets.PatchMergeAsync(key,
            Merge("""{"metadata":{"labels":{"a":"b"},"annotations":{"c":"d"}}}"""), Cancellation);
        var changed = await widgets.PatchMergeAsync(key, Merge("""{"spec":{"size":2},"status":{"conditions":null}}"""),
            Cancellation);
        var changedStatus = await widgets.PatchMergeAsync(key,
            Merge("""{"spec":{"size":9},"status":{"conditions":[]},"metadata":{"labels":{"x":"y"}}}"""), Cancellation,
            "status");

        (made.Metadata.Generation, told.Metadata.Generation, labelled.Metadata.Generation, changed.Metadata.Generation,
            changedStatus.Metadata.Generation)
            .ShouldBe((1, 1, 1, 2, 2));
        told.Status!.Conditions!.ShouldHaveSingleItem().LastTransitionTime.ShouldBe(then);
        changed.Status!.Conditions!.Count.ShouldBe(1);
        changedStatus.Spec!.Size.ShouldBe(2);
        changedStatus.Status!.Conditions.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task Conditions_of_two_managers_stand_side_by_side_and_each_takes_away_only_its_own(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var widgets = await WidgetsAsync(server);
        await widgets.ApplyAsync(Widget(server) with { Spec = new(1) }, "us", Cancellation);
        Task<Widget> TellAsync(string manager, params Condition[] conditions) =>
            widgets.ApplyStatusAsync(Widget(server) with { Status = new(conditions) }, manager, Cancellation);

        await TellAsync("us", Is("Ready", "True"), Is("Stalled", "True"));
        await TellAsync("them", Is("Theirs", "True"));
        var after = await TellAsync("us", Is("Ready", "False"));

        after.Status!.Conditions!.Select(condition => condition.Type + condition.Status).Order()
            .ShouldBe(["ReadyFalse", "TheirsTrue"]);
    }

    /// <summary>
    /// Whoever made the condition, by a patch or from a backup, owns it as a whole; an apply takes only away what it
    /// had changed of it, and a condition without a reason is refused.
    /// </summary>
    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_condition_of_ours_that_somebody_else_made_before_us_goes_all_the_same(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var widgets = await WidgetsAsync(server);
        var key = (await widgets.ApplyAsync(Widget(server) with { Spec = new(1) }, "us", Cancellation)).Metadata.Key;
        Task<Widget> TellAsync(params Condition[] conditions) =>
            widgets.ApplyStatusAsync(Widget(server) with { Status = new(conditions) }, "us", Cancellation);
        await TellAsync(Is("Ready", "False"));
        await widgets.PatchMergeAsync(key, Merge(Edited), Cancellation, "status");

        var kept = await TellAsync(Is("Ready", "False"), Is("Reconciling", "True"));
        var gone = await TellAsync(Is("Ready", "True"));
        var again = await TellAsync(Is("Ready", "False"), Is("Reconciling", "True"));
        var last = await TellAsync(Is("Ready", "True"));

        kept.Status!.Conditions!.Single(one => one.Type == "Reconciling").Reason.ShouldBe("Test");
        gone.Status!.Conditions!.ShouldHaveSingleItem().Status.ShouldBe("True");
        again.Status!.Conditions!.Count.ShouldBe(2);
        last.Status!.Conditions!.ShouldHaveSingleItem().Status.ShouldBe("True");
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_condition_of_ours_that_somebody_else_wrote_into_goes_as_a_whole(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var widgets = await WidgetsAsync(server);
        var key = (await widgets.ApplyAsync(Widget(server) with { Spec = new(1) }, "us", Cancellation)).Metadata.Key;
        Task<Widget> TellAsync(params Condition[] conditions) =>
            widgets.ApplyStatusAsync(Widget(server) with { Status = new(conditions) }, "us", Cancellation);
        await TellAsync(Is("Ready", "False"), Is("Reconciling", "True"));
        await widgets.PatchMergeAsync(key, Merge(Edited), Cancellation, "status");

        (await TellAsync(Is("Ready", "True"))).Status!.Conditions!.ShouldHaveSingleItem().Status.ShouldBe("True");
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_status_of_what_is_gone_makes_nothing(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var widgets = await WidgetsAsync(server);
        var first = await widgets.ApplyAsync(Widget(server) with { Spec = new(1) }, "us", Cancellation);
        await widgets.DeleteAsync(first.Metadata.Key, null, Cancellation);

        var gone = await Should.ThrowAsync<KubeException>(() => widgets.ApplyStatusAsync(first, "us", Cancellation));

        gone.Status.IsNotFound.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task A_nested_field_of_a_status_comes_and_goes(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var widgets = await WidgetsAsync(server);
        await widgets.ApplyAsync(Widget(server) with { Spec = new(1) }, "us", Cancellation);
        Task<Widget> TellAsync(WidgetStatus status) =>
            widgets.ApplyStatusAsync(Widget(server) with { Status = status }, "us", Cancellation);

        var first = await TellAsync(new([Is("Ready", "True"), Is("Stalled", "True")], new(3)));
        var second = await TellAsync(new([Is("Ready", "True")]));
        var third = await TellAsync(new([Is("Ready", "False")], new(4)));
        var fourth = await TellAsync(new([Is("Ready", "False")], new()));

        first.Status!.Progress!.Done.ShouldBe(3);
        (second.Status!.Progress, second.Status.Conditions!.Count).ShouldBe((null, 1));
        third.Status!.Progress!.Done.ShouldBe(4);
        (fourth.Status!.Progress, fourth.Status.Conditions![0].Status).ShouldBe((null, "False"));
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task An_empty_status_apply_takes_our_fields_away(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var widgets = await WidgetsAsync(server);
        await widgets.ApplyAsync(Widget(server) with { Spec = new(1, "red") }, "us", Cancellation);
        await widgets.ApplyStatusAsync(Widget(server) with { Status = new([Is("Ready", "True")]) }, "us", Cancellation);

        var after = await widgets.ApplyStatusAsync(Widget(server), "us", Cancellation);

        (after.Status?.Conditions ?? []).ShouldBeEmpty();
        after.Spec!.Colour.ShouldBe("red");
    }

    [Theory, MemberData(nameof(ApiServer.Names), MemberType = typeof(ApiServer))]
    public async Task Selectors_select(string name)
    {
        await using var server = await ApiServer.StartAsync(name);
        var widgets = await WidgetsAsync(server);
        foreach (var (widget, colour) in new[] { ("a", "red"), ("b", "blue"), ("c", null) })
        {
            var labels = colour is null ? null : new Dictionary<string, string> { ["example.com/colour"] = colour };
            await widgets.ApplyAsync(
                new() { Metadata = new() { Name = widget, Namespace = server.Namespace, Labels = labels } }, "us",
                Cancellation);
        }

        async Task<string> SelectAsync(string? labels = null, string? fields = null) => string.Concat(
            (await widgets.ListPageAsync(new Selection(server.Namespace, labels, fields), null, Cancellation)).Items
                .Select(item => item.Metadata.Name));

        (await SelectAsync()).ShouldBe("abc");
        (await SelectAsync("example.com/colour=red")).ShouldBe("a");
        (await SelectAsync("example.com/colour!=red")).ShouldBe("bc");
        (await SelectAsync("example.com/colour in (red, blue)")).ShouldBe("ab");
        (await SelectAsync("example.com/colour notin (red,green)")).ShouldBe("bc");
        (await SelectAsync("example.com/colour")).ShouldBe("ab");
        (await SelectAsync("!example.com/colour")).ShouldBe("c");
        (await SelectAsync("example.com/colour,example.com/colour!=red")).ShouldBe("b");
        (await SelectAsync(fields: "metadata.name=c")).ShouldBe("c");
        (await SelectAsync(fields: "metadata.name!=c")).ShouldBe("ab");
    }

    private static async Task<KubeApi<Widget>> WidgetsAsync(ApiServer server)
    {
        await Tests.Client.Widget.DefineAsync(server.Client, Cancellation);
        return server.Client.Api<Widget>();
    }

    private static Widget Widget(ApiServer server) =>
        new() { Metadata = new() { Name = "w", Namespace = server.Namespace } };

    private static Condition Is(string type, string status) =>
        new() { Type = type, Status = status, Reason = "Test", LastTransitionTime = then };

    private static JsonObject Merge(string json) => JsonNode.Parse(json)!.AsObject();
}
