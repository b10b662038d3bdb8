using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Byok.Import.Serving;
using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;

namespace Benchmarks;

/// <summary>
/// How long until a disabled key's store is closed while one tenant calls the import API 1,000 times a second, beside
/// how long with nobody calling. Rounds take turns. The calls are made on the same machine, whose cores they take too.
/// </summary>
internal static class BesideClosingBenchmark
{
    private const string Loud = "loud";
    private const int CallsPerSecond = 1_000;
    private const int Ticks = 100;

    private static readonly TimeSpan probeInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan promised = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var (tenants, rounds) = small ? (2, 1) : (8, 5);
        await using var fleet = await Fleet.StartAsync(cancellation);
        await fleet.PopulateAsync(tenants, $"{probeInterval.TotalSeconds:0}s", cancellation);
        var port = LoopbackPort.Free();
        await using var running = fleet.StartOperator();
        await using var api = fleet.StartImportApi(port);
        using var http = await EnrolAsync(fleet, port, cancellation);
        await fleet.UntilReadyAsync(tenants, running, cancellation);
        await UntilServedAsync(http, api, cancellation);

        List<Round> quiet = [], loud = [];
        for (var round = 0; round < rounds; round++)
        {
            quiet.Add(await CloseAllAsync(fleet, tenants, running, api, null, cancellation));
            loud.Add(await CloseAllAsync(fleet, tenants, running, api, http, cancellation));
        }

        var (alone, beside) = (Round.Sum(quiet), Round.Sum(loud));
        var most = probeInterval + promised;
        new Table(
            $"{tenants} keys disabled {rounds} times, probe interval {probeInterval.TotalSeconds:0} s, "
                + $"{Environment.ProcessorCount} cores", "beside it", "calls/s", "of them 429", "closed: half, s",
                    "closed: all, s", "promised", "operator CPU, s", "import API CPU, s")
            .Row([.. alone.Cells("nobody calls", most)])
            .Row([.. beside.Cells($"one tenant, {CallsPerSecond} calls/s asked for", most)])
            .Row("ratio", "", "", Table.Number(beside.Half / alone.Half), Table.Number(beside.Last / alone.Last), "",
                Table.Number(beside.Cpu / alone.Cpu), "")
            .Print();
    }

    /// <summary>A tenant that may import, and the program that calls for it.</summary>
    private static async Task<HttpClient> EnrolAsync(Fleet fleet, int port, CancellationToken cancellation)
    {
        await fleet.Kube.Api<NamespaceObject>()
            .CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = Loud } }, cancellation);
        await fleet.Kube.Api<Tenant>().CreateAsync(
            new Tenant
            {
                Metadata = new ObjectMeta { Name = Loud },
                Spec = new TenantSpec { Namespaces = [new TenantSpecNamespace { Name = Loud }] },
            }, cancellation);
        await fleet.Kube.Api<TenantEncryptionKey>().CreateAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "main", Namespace = Loud },
                Spec = new TenantEncryptionKeySpec
                {
                    State = KeyStates.Standby,
                    Imported = new ImportedSource
                    {
                        Aws = new AwsImport { Regions = [CloudProcess.Region] },
                        Wrapping = WrappingModes.ImportRequest,
                    },
                },
            },
            cancellation);
        var http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}/v1/namespaces/{Loud}/keys/main/"),
            Timeout = TimeSpan.FromMinutes(1),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(ApiKey.Scheme,
            await ImportBenchmark.EnrolAsync(fleet.Kube, "byok-system", new ObjectKey(Loud, "main"), cancellation));
        return http;
    }

    private static async Task UntilServedAsync(HttpClient http, Child api, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < timeout; await Task.Delay(look, cancellation))
        {
            if (!api.IsRunning)
            {
                await api.SucceedAsync(cancellation);
            }

            if (await CallAsync(http, cancellation) == HttpStatusCode.OK)
            {
                return;
            }
        }

        throw new TimeoutException("the import API grants no request");
    }

    private static async Task<Round> CloseAllAsync(
        Fleet fleet, int tenants, Child running, Child api, HttpClient? http, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        var calling = http is null ? Task.CompletedTask : CallAsync(http, answers, enough.Token);
        var (cpu, apiCpu, began) = (running.Cpu, api.Cpu, Stopwatch.GetTimestamp());
        var keys = await Task.WhenAll(Enumerable.Range(0, tenants).Select(async number =>
            (await fleet.Kube.Api<TenantEncryptionKey>()
                .GetAsync(new ObjectKey(Fleet.SpaceOf(number), "key"), cancellation)).Spec.AwsKms!.Keys[0].Arn));
        var took = await Task.WhenAll(keys.Select((arn, number) => CloseAsync(fleet, arn, number, cancellation)));
        var round = new Round([.. took], running.Cpu - cpu, api.Cpu - apiCpu, Stopwatch.GetElapsedTime(began),
            answers.Values.Sum(), answers.GetValueOrDefault(HttpStatusCode.TooManyRequests));
        await enough.CancelAsync();
        await calling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var arn in keys)
        {
            await fleet.Cloud.SetKeyStateAsync(arn, "Enabled", cancellation);
        }

        await fleet.UntilReadyAsync(tenants, running, cancellation);
        return round;
    }

    private static async Task<TimeSpan> CloseAsync(Fleet fleet, string arn, int number, CancellationToken cancellation)
    {
        await fleet.Cloud.SetKeyStateAsync(arn, "Disabled", cancellation);
        var began = Stopwatch.GetTimestamp();
        while ((await fleet.Kube.Api<EncryptedStore>()
            .GetAsync(new ObjectKey(Fleet.SpaceOf(number), "store"), cancellation)).Status?.Availability != "Closed")
        {
            await Task.Delay(look, cancellation);
            if (Stopwatch.GetElapsedTime(began) > timeout)
            {
                throw new TimeoutException($"{Fleet.SpaceOf(number)} was not closed");
            }
        }

        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>So many a second whether they are answered or not.</summary>
    private static async Task CallAsync(
        HttpClient http, ConcurrentDictionary<HttpStatusCode, int> answers, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / Ticks);
        var clock = Stopwatch.StartNew();
        for (var sent = 0; await timer.WaitForNextTickAsync(cancellation);)
        {
            for (var due = (int)(clock.Elapsed.TotalSeconds * CallsPerSecond); sent < due; sent++)
            {
                _ = CountAsync();
            }
        }

        async Task CountAsync()
        {
            var code = await CallAsync(http, cancellation);
            answers.AddOrUpdate(code, 1, (_, count) => count + 1);
        }
    }

    /// <summary>0 where no answer came.</summary>
    private static async Task<HttpStatusCode> CallAsync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.PutAsync("import-request", null, cancellation);
            return answer.StatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
        {
            return 0;
        }
    }

    private sealed record Round(
        IReadOnlyList<TimeSpan> Closed, TimeSpan Cpu, TimeSpan ApiCpu, TimeSpan Took, int Calls, int Refused)
    {
        public double Half => At(0.5);

        public double Last => At(1);

        public static Round Sum(IReadOnlyList<Round> rounds) => new(
            [.. rounds.SelectMany(round => round.Closed).Order()], Total(rounds, round => round.Cpu),
            Total(rounds, round => round.ApiCpu), Total(rounds, round => round.Took),
            rounds.Sum(round => round.Calls), rounds.Sum(round => round.Refused));

        public IEnumerable<string> Cells(string what, TimeSpan most) =>
        [
            what, Table.Number(Calls / Took.TotalSeconds), Calls == 0 ? ""
                : Table.Number((double)Refused / Calls), Table.Number(Half), Table.Number(Last),
            Table.Judge(Last, most.TotalSeconds, atLeast: false), Table.Number(Cpu.TotalSeconds),
            Table.Number(ApiCpu.TotalSeconds),
        ];

        private double At(double share) => Closed[Math.Min(Closed.Count - 1, (int)(Closed.Count * share))].TotalSeconds;

        private static TimeSpan Total(IReadOnlyList<Round> rounds, Func<Round, TimeSpan> part) =>
            TimeSpan.FromTicks(rounds.Sum(round => part(round).Ticks));
    }
}
