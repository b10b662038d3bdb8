using System.Text.Json.Nodes;
using LocalCloud.Faults;

namespace Cluster.Tests.Primitives;

/// <summary>
/// Two replicas outside the cluster, killed by turns with the pods that copy for them while a store is made ready.
/// Kills go by progress, never by the clock: before each of them objects were copied, and before each of a replica a
/// replica has led. So there are as many kills as were asked for on every machine,
/// and the work ends however slow it is.
/// </summary>
/// <param name="start">Starts a replica.</param>
/// <param name="turnstile">Every copy of an object passes it.</param>
/// <param name="probes">How often a key was probed so far: only a replica that leads does that.</param>
internal sealed class KilledReplicas(
    RealCluster cluster, Func<ChildProcess> start, Turnstile turnstile, Func<long> probes) : IAsyncDisposable
{
    /// <summary>One might have been on its way when the last leader was killed.</summary>
    private const int ProbesOfALeader = 2;

    private readonly List<ChildProcess> replicas = [start(), start()];
    private readonly Random random = new(1);
    private long probesBefore;
    private long admitted;
    private long killedReplicas;
    private long killedPods;

    public Task<string> KillUntilReadyAsync(string space, int kills, int batch) =>
        KillUntilAsync(space, (kills, batch), Ready);

    /// <summary>Kills while objects are copied, a batch of them before each, and half as many after
    /// that, while the rest of the way is gone; gives where the store is.</summary>
    /// <param name="space">The store's namespace.</param>
    /// <param name="many">How often while objects are copied, and how many before each:
    /// there must be more than this times the kills to copy.</param>
    /// <param name="done">Where the store is, once it is what it is to be; null before.</param>
    public Task<string> KillUntilAsync(string space, (int Kills, int Batch) many, Func<JsonNode, string?> done) =>
        WithLogsAsync(async () =>
        {
            for (var (turn, let) = (0, turnstile.Passed); turn < many.Kills; turn++)
            {
                turnstile.Admit(many.Batch);
                let += many.Batch;
                await Until.HoldsAsync(
                    $"{many.Batch} more objects are copied after {this}",
                    () => Task.FromResult(turnstile.Passed >= let ? null : $"{turnstile.Passed} of {let}"),
                    LastResort.AmongKills);
                await (turn % 2 == 0 ? KillReplicaAsync() : KillPodAsync());
            }

            turnstile.Open();
            return await KillOnTheRestOfTheWayAsync(space, many.Kills / 2, done);
        });

    /// <summary>Lets one call pass at a time, and kills a replica right after it, until the store is what it is to be:
    /// where nothing is copied, what is done is these calls.</summary>
    public Task<string> KillAfterEachAsync(string space, Func<JsonNode, string?> done) => WithLogsAsync(async () =>
    {
        string? place = null;
        await Until.HoldsAsync(
            $"the store is what it is to be after {this}",
            async () =>
            {
                if (admitted == turnstile.Passed)
                {
                    await (admitted > 0 ? KillReplicaAsync() : Task.CompletedTask);
                    admitted++;
                    turnstile.Admit(1);
                }

                (place, var status) = await StoreAsync(space, done);
                return place is null ? status : null;
            },
            LastResort.AmongKills);
        return place!;
    });

    public override string ToString() => $"{killedReplicas} replicas and {killedPods} copy pods killed";

    public async ValueTask DisposeAsync()
    {
        turnstile.Open();
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    private static string? Ready(JsonNode store) =>
        AwsScene.IsTrue(store["status"], "Ready") ? (string?)store["status"]!["location"]!["bucket"] : null;

    private async Task<string> WithLogsAsync(Func<Task<string>> kill)
    {
        try
        {
            return await kill();
        }
        catch (TimeoutException late)
        {
            var logs = string.Join("\n----\n", replicas.Select(replica => replica.Log));
            throw new TimeoutException($"{late.Message}\n{await CopyRemains.TellAsync(cluster.Administrator)}\n{logs}");
        }
    }

    private async Task<string> KillOnTheRestOfTheWayAsync(string space, int kills, Func<JsonNode, string?> done)
    {
        string? place = null;
        for (; kills > 0 && place is null; kills--)
        {
            await Until.TrueAsync($"a replica leads after {this}",
                async () => HasLed() || (place = (await StoreAsync(space, done)).Place) is not null);
            if (place is null)
            {
                await (random.Next(2) == 0 && await RunningPodAsync() is { } pod ? KillAsync(pod) : KillReplicaAsync());
                probesBefore = probes();
            }
        }

        await Until.HoldsAsync(
            $"the store is what it is to be after {this}",
            async () =>
            {
                (place, var status) = await StoreAsync(space, done);
                return place is null ? status : null;
            },
            LastResort.AmongKills);
        return place!;
    }

    /// <summary>Where it is, once it is what it is to be; and what it says.</summary>
    private async Task<(string? Place, string Status)> StoreAsync(string space, Func<JsonNode, string?> done)
    {
        var store = await cluster.Administrator.GetAsync("encryptedstore", "store", "-n", space);
        return (done(store), Told(store["status"]));
    }

    /// <summary>Conditions first, in few words: a long failure is cut.</summary>
    private static string Told(JsonNode? status)
    {
        var conditions = status?["conditions"]?.AsArray() ?? [];
        var inWords = conditions.Select(one => $"{one!["type"]}={one["status"]}/{one["reason"]}: {one["message"]}");
        return $"{string.Join(", ", inWords)} {status?.ToJsonString() ?? "no status"}";
    }

    private bool HasLed() => probes() - probesBefore >= ProbesOfALeader;

    /// <summary>Either of the two: half of the time whoever leads.</summary>
    private async Task KillReplicaAsync()
    {
        await Until.TrueAsync($"a replica leads after {this}", () => Task.FromResult(HasLed()));
        var at = random.Next(replicas.Count);
        await replicas[at].KillAsync();
        await replicas[at].DisposeAsync();
        replicas[at] = start();
        killedReplicas++;
        probesBefore = probes();
    }

    private async Task KillPodAsync()
    {
        var before = killedPods;
        await Until.TrueAsync(
            $"a copy pod runs after {this}",
            async () =>
            {
                if (await RunningPodAsync() is { } pod)
                {
                    await KillAsync(pod);
                }

                return killedPods > before;
            },
            LastResort.AmongKills);
    }

    private async Task KillAsync(string pod) => killedPods += await PodProcesses.KillAsync(pod) > 0 ? 1 : 0;

    private async Task<string?> RunningPodAsync()
    {
        var pods = await cluster.Administrator.GetAsync("pods", "-n", OperatorManifests.Namespace, "-l",
            "byok.dev/child=copy");
        var running = pods["items"]!.AsArray().Where(pod => (string?)pod!["status"]?["phase"] == "Running").ToList();
        return running.Count == 0 ? null : (string)running[random.Next(running.Count)]!["metadata"]!["uid"]!;
    }
}
