using System.Diagnostics;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;

namespace Benchmarks;

/// <summary>How long it takes from the apply of another <c>keyRef</c> until whatever is written comes under that key:
/// of stores that have the operator to themselves, and of as many beside all others.</summary>
internal static class RedirectBenchmark
{
    private const string Redirected = "DefaultRedirected";
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var (changing, others) = small ? (3, 20) : (10, RestBenchmark.Tenants);
        var alone = await MeasureAsync(changing, changing, cancellation);
        var beside = await MeasureAsync(changing, changing + others, cancellation);
        new Table(
            $"From the apply of the new keyRef to {Redirected}, {changing} stores, one after the other", "seconds",
            "half", "all", "cloud calls each", "operator CPU each, ms")
            .Row("no other store", Half(alone), All(alone), Table.Number(alone.Calls), Table.Number(alone.Cpu))
            .Row($"{others} stores beside them", Half(beside), All(beside), Table.Number(beside.Calls),
                Table.Number(beside.Cpu))
            .Row("ratio", Table.Number(beside.Middle / alone.Middle), Table.Number(beside.Most / alone.Most),
                Table.Number(beside.Calls / alone.Calls), Table.Number(beside.Cpu / alone.Cpu))
            .Print();
    }

    private static async Task<Took> MeasureAsync(int changing, int stores, CancellationToken cancellation)
    {
        await using var fleet = await Fleet.StartAsync(cancellation);
        await fleet.PopulateAsync(stores, "1h", cancellation, keysEach: 2);
        await using var running = fleet.StartOperator();
        await fleet.UntilReadyAsync(stores, running, cancellation);
        using var aws = fleet.Cloud.Connect();
        for (var tenant = 0; tenant < changing; tenant++)
        {
            var second = new ObjectKey(Fleet.SpaceOf(tenant), "second");
            await fleet.KeyAsync(second, (await fleet.Cloud.CreateKeyAsync(aws, second.Namespace, cancellation)).Id,
                "1h", cancellation);
            await UntilAsync<TenantEncryptionKey>(fleet, second, key => Is(key.Status?.Conditions, "Ready"),
                cancellation);
        }

        var seconds = new List<double>();
        var (before, cpu) = (await Counts.NowAsync(fleet, cancellation), running.Cpu);
        for (var tenant = 0; tenant < changing; tenant++)
        {
            var store = new ObjectKey(Fleet.SpaceOf(tenant), "store");
            var began = Stopwatch.GetTimestamp();
            await fleet.Kube.Api<EncryptedStore>().PatchMergeAsync(store,
                new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = "second" } } },
                cancellation);
            await UntilAsync<EncryptedStore>(fleet, store, now => Is(now.Status?.Conditions, Redirected),
                cancellation);
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        var made = await Counts.NowAsync(fleet, cancellation) - before;
        seconds.Sort();
        return new Took(seconds[seconds.Count / 2], seconds[^1], (double)made.Cloud / changing,
            (running.Cpu - cpu).TotalMilliseconds / changing);
    }

    private static async Task UntilAsync<T>(
        Fleet fleet, ObjectKey name, Predicate<T> holds, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(patience);
        while (!holds(await fleet.Kube.Api<T>().GetAsync(name, enough.Token)))
        {
            await Task.Delay(look, enough.Token);
        }
    }

    private static bool Is(IReadOnlyList<Condition>? conditions, string type) =>
        Conditions.Find(conditions ?? [], type)?.Status == "True";

    private static string Half(Took took) => Table.Number(took.Middle);

    private static string All(Took took) => Table.Number(took.Most);

    /// <param name="Calls">Of the cloud, for each store.</param>
    /// <param name="Cpu">Milliseconds, for each store.</param>
    private sealed record Took(double Middle, double Most, double Calls, double Cpu);
}
