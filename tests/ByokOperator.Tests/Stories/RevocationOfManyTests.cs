using System.Diagnostics;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>The product's promise about time: a revoked key closes its store within the probe interval and two seconds,
/// in a crowd too.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class RevocationOfManyTests
{
    private const int Tenants = 1_000;

    /// <summary>A store at rest costs nothing between its rechecks, so some stand for all; a thousand take twice as
    /// long to make as the rest of the story takes to tell.</summary>
    private const int Stores = 100;
    private const int Moving = 3;
    private const int Open = 20;
    private const int Seed = 20261121;
    private static readonly TimeSpan probeInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan promised = probeInterval + TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_disabled_key_among_a_thousand_closes_its_store_within_the_probe_interval_and_two_seconds()
    {
        var started = Stopwatch.GetTimestamp();
        await using var crowd = await Crowd.GatherAsync(Tenants, Stores, Moving, probeInterval);
        var gathered = Stopwatch.GetElapsedTime(started);
        // which has just asked all keys in one burst: the hardest moment to keep the promise from then on
        await crowd.ReplaceOperatorAsync();
        var draw = new Random(Seed);
        var victims = Enumerable.Range(0, Moving)
            .Concat(Enumerable.Range(Moving, Stores - Moving).OrderBy(_ => draw.Next()).Take(Open))
            .Select(tenant => (Tenant: tenant, After: probeInterval * draw.NextDouble())).ToList();

        var cpu = crowd.Cpu();
        var began = Stopwatch.GetTimestamp();
        var took = await Task.WhenAll(victims.Select(async victim =>
        {
            await Task.Delay(victim.After); // anywhere between two probes
            return await crowd.RevokeAsync(victim.Tenant);
        }));
        var worst = took.MaxBy(one => one.Closed);
        TestContext.Current.SendDiagnosticMessage(
            $"worst of {took.Length}: {worst.Closed.TotalSeconds:0.0} s, {worst.Known.TotalSeconds:0.0} s of them "
                + $"until it was known (promised: {promised.TotalSeconds:0} s);"
            + $" longest from known to closed: {took.Max(one => (one.Closed - one.Known).TotalSeconds):0.0} s; "
            + $"{Tenants} keys and {Stores} stores made in {gathered.TotalSeconds:0} s;"
            + $" the operator took {(crowd.Cpu() - cpu) / Stopwatch.GetElapsedTime(began):0.00} cores; {Load.Now}");
        worst.Closed.ShouldBeLessThanOrEqualTo(promised);

        foreach (var (tenant, _) in victims)
        {
            crowd.Cloud.SetKeyState(crowd.KeyOf(tenant), "Enabled");
        }

        foreach (var (tenant, _) in victims.Skip(Moving))
        {
            await crowd.UntilAsync(tenant, "is open again",
                store => Tenant.Is(store, "Ready", "True") && store.Status?.Availability == "Open");
            (await crowd.IsListedAsync(tenant)).ShouldBeTrue();
            (await crowd.IsBoundAsync(tenant)).ShouldBeTrue();
        }

        foreach (var (tenant, _) in victims.Take(Moving))
        {
            await Until.TrueAsync("it moves again", () => crowd.HasJobsAsync(tenant));
        }

        foreach (var (tenant, _) in victims.TakeLast(3))
        {
            crowd.Cloud.ReplaceMaterial(crowd.KeyOf(tenant));
        }

        foreach (var (tenant, _) in victims.TakeLast(3))
        {
            await crowd.UntilAsync(tenant, "is closed to another key", store =>
                store.Status is { Availability: "Closed", ClosedReason: "KeyReplaced" }
                    && Tenant.ReasonOf(store) == "KeyReplaced" && Tenant.Is(store, "TargetDenied", "True"));
            (await crowd.IsListedAsync(tenant)).ShouldBeFalse();
            (await crowd.IsBoundAsync(tenant)).ShouldBeFalse();
        }
    }
}
