using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;

namespace Benchmarks;

/// <summary>
/// All tenants revoke in one moment: how long until each revocation is known, and from there until each store is
/// closed. One of them is hostile: everything that is recorded of it is nonsense, and its bucket takes no policy.
/// </summary>
internal static class CloseBenchmark
{
    private const string Closed = "Closed";
    private const int SideBySide = 32;
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan promised = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Long beside what a machine that also carries the cluster and the cloud takes to probe all keys once, and to
    /// close all stores; <c>BENCH_PROBE_SECONDS</c> says otherwise.
    /// </summary>
    private static readonly TimeSpan probeInterval = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("BENCH_PROBE_SECONDS") ?? "60", CultureInfo.InvariantCulture));

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var tenants = small ? 50 : RestBenchmark.Tenants;
        await using var fleet = await Fleet.StartAsync(cancellation);
        await fleet.PopulateAsync(tenants, $"{probeInterval.TotalSeconds:0}s", cancellation);
        await using var running = fleet.StartOperator();
        await fleet.UntilReadyAsync(tenants, running, cancellation);

        var hostile = new HostileTenant(fleet, Fleet.SpaceOf(0));
        await hostile.SpoilAsync(cancellation);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(timeout);
        var (keys, known) = await FollowAsync<TenantEncryptionKey>(fleet,
            key => key.Status is { Verdict: not (null or "Usable") }, enough.Token);
        var (_, closed) =
            await FollowAsync<EncryptedStore>(fleet, store => store.Status?.Availability == Closed, enough.Token);
        var (before, cpu, servers, began) =
            (await Counts.NowAsync(fleet, cancellation), running.Cpu, fleet.ServersCpu, Stopwatch.GetTimestamp());
        await Parallel.ForEachAsync(keys,
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellation },
            async (key, stop) =>
                await fleet.Cloud.SetKeyStateAsync(key.Spec.AwsKms!.Keys[0].Arn, "Disabled", stop));
        var disabled = Stopwatch.GetElapsedTime(began);
        while (Others(closed).Count() < tenants - 1 || Others(known).Count() < tenants - 1)
        {
            await Task.Delay(look, enough.Token);
        }

        var made = await Counts.NowAsync(fleet, cancellation) - before;
        var took = Stopwatch.GetElapsedTime(began);
        var hostileTold = await hostile.UntilToldAsync(() => known.ContainsKey(hostile.Space), look, enough.Token);
        await enough.CancelAsync();
        var delays = Others(closed).Select(store => Seconds(known[store.Key], store.Value)).Order().ToList();
        var whole = Others(closed).Select(store => Seconds(began, store.Value)).Order().ToList();
        var told = Others(known).Select(key => Seconds(began, key.Value)).Order().ToList();
        var most = probeInterval + promised + disabled;
        new Table(
            $"{tenants} keys disabled within {Table.Number(disabled.TotalSeconds)} s, probe interval "
                + $"{probeInterval.TotalSeconds:0} s", "seconds", "half", "99 of 100", "all", "promised")
            .Row(["disabled to known in the key's status", .. Cells(told), ""])
            .Row(
                ["known to closed in the store's status", .. Cells(delays),
                    Table.Judge(delays[^1], promised.TotalSeconds, atLeast: false)])
            .Row(["disabled to closed", .. Cells(whole), Table.Judge(whole[^1], most.TotalSeconds, atLeast: false)])
            .Row($"the hostile one: {hostileTold}", "", "", "", "")
            .Print();
        new Table("What closing took", "figure", "in all", "for each store")
            .Row("the operator's CPU, s", Table.Number((running.Cpu - cpu).TotalSeconds),
                Table.Number((running.Cpu - cpu).TotalSeconds / tenants))
            .Row("the servers' CPU, s", Table.Number((fleet.ServersCpu - servers).TotalSeconds),
                Table.Number((fleet.ServersCpu - servers).TotalSeconds / tenants))
            .Row("both, of the cores' time",
                Table.Number(
                    ((running.Cpu - cpu) + (fleet.ServersCpu - servers)) / (took * Environment.ProcessorCount)), "")
            .Row("Kubernetes writes", $"{made.Writes}", Table.Number((double)made.Writes / tenants))
            .Row("Kubernetes reads", $"{made.Reads}", Table.Number((double)made.Reads / tenants))
            .Row("cloud calls, probes included", $"{made.Cloud}", Table.Number((double)made.Cloud / tenants))
            .Print();
    }

    private static IEnumerable<KeyValuePair<string, long>> Others(ConcurrentDictionary<string, long> moments) =>
        moments.Where(one => one.Key != Fleet.SpaceOf(0));

    /// <summary>The objects as they stand, and from then on the moment at which each is first seen to be so,
    /// by namespace.</summary>
    private static async Task<(List<T> Now, ConcurrentDictionary<string, long> Seen)> FollowAsync<T>(
        Fleet fleet, Predicate<T> isSo, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        var (items, version) = (new List<T>(), "");
        await foreach (var page in fleet.Kube.Api<T>().ListAsync(Selection.Everything, cancellation))
        {
            items.AddRange(page.Items);
            version = page.ResourceVersion;
        }

        var seen = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        _ = WatchAsync();
        return (items, seen);

        async Task WatchAsync()
        {
            while (!cancellation.IsCancellationRequested) // the server ends a watch after a while
            {
                await foreach (var change in fleet.Kube.Api<T>()
                    .WatchAsync(Selection.Everything, version, cancellation))
                {
                    if (change is WatchEvent<T>.Changed { Resource: var item })
                    {
                        version = item.Metadata.ResourceVersion!;
                        if (isSo(item))
                        {
                            seen.TryAdd(item.Metadata.Namespace!, Stopwatch.GetTimestamp());
                        }
                    }
                }
            }
        }
    }

    private static double Seconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds;

    private static IEnumerable<string> Cells(List<double> ordered) =>
        new[]
        {
            0.5,
            0.99,
            1,
        }.Select(share => Table.Number(ordered[Math.Min(ordered.Count - 1, (int)(ordered.Count * share))]));
}
