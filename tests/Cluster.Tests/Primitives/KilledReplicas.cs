using Shouldly;

namespace Cluster.Tests.Primitives;

/// <summary>Two replicas outside the cluster, killed by turns with the pods that copy for them while a store is made ready.</summary>
internal sealed class KilledReplicas(RealCluster cluster, Func<ChildProcess> start, int shards, int enough) : IAsyncDisposable
{
    private static readonly TimeSpan betweenKills = TimeSpan.FromSeconds(3);

    private readonly List<ChildProcess> replicas = [start(), start()];
    private readonly Random random = new(1);
    private int killedReplicas;
    private int killedPods;

    /// <summary>Once there were kills enough of both, what is left comes to its end in peace; else they go on for as long as there is anything to do.</summary>
    public bool LeavesTheEndAlone { get; init; }

    private int Kills => killedReplicas + killedPods;

    private int EnoughPods => enough / 4;

    /// <summary>A replica, then a copy pod, then a replica again, until the namespace's store is ready; gives where it stands.</summary>
    /// <param name="space">The store's namespace.</param>
    /// <param name="patience">For all of it.</param>
    /// <param name="letGo">Called when there were kills enough, maybe more than once: however fast the machine is, the migration must not end before.</param>
    public async Task<string> KillUntilReadyAsync(string space, TimeSpan patience, Action letGo)
    {
        var (place, turn) = ("", 0);
        try
        {
            await Until.HoldsAsync("the store is ready", patience, async () =>
            {
                var store = await cluster.Administrator.GetAsync("encryptedstore", "store", "-n", space);
                place = (string?)store["status"]?["location"]?["bucket"] ?? "";
                if (AwsScene.IsTrue(store["status"], "Ready"))
                {
                    return null;
                }

                await Task.Delay(betweenKills);
                if (!LeavesTheEndAlone || Kills <= enough || killedPods < EnoughPods)
                {
                    await (turn++ % 2 == 0 ? KillReplicaAsync() : KillPodAsync());
                }

                if (Kills >= enough)
                {
                    letGo();
                }

                return $"{this}: {store["status"]?.ToJsonString() ?? "no status"}";
            });
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{string.Join("\n----\n", replicas.Select(replica => replica.Log))}");
        }

        return place;
    }

    public void ShouldHaveBeenEnough()
    {
        Kills.ShouldBeGreaterThanOrEqualTo(enough, "the migration ended before it had been disturbed enough");
        killedPods.ShouldBeGreaterThanOrEqualTo(EnoughPods);
    }

    public override string ToString() => $"{killedReplicas} replicas and {killedPods} copy pods killed";

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    private async Task KillReplicaAsync()
    {
        var at = random.Next(replicas.Count);
        await replicas[at].KillAsync();
        await replicas[at].DisposeAsync();
        replicas[at] = start();
        killedReplicas++;
    }

    /// <summary>Every shard's pod is as likely to be killed, whether or not it runs: the last one left isn't hunted down.</summary>
    private async Task KillPodAsync()
    {
        var pods = await cluster.Administrator.GetAsync("pods", "-n", OperatorManifests.Namespace, "-l", "byok.dev/child=copy");
        var running = pods["items"]!.AsArray().Where(pod => (string?)pod!["status"]?["phase"] == "Running").ToList();
        var at = random.Next(shards);
        if (at < running.Count && await PodProcesses.KillAsync((string)running[at]!["metadata"]!["uid"]!) > 0)
        {
            killedPods++;
        }
    }
}
