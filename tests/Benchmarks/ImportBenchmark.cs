using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Byok.Import.Requests;
using Byok.Import.Serving;
using Byok.Import.Wrapping;
using Byok.Material;
using ByokOperator.Api;
using ByokOperator.Hosting;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks;

/// <summary>What the import API serves to fifty clients at once,
/// beside the RSA operations that it can't do without.</summary>
internal static class ImportBenchmark
{
    private const string Namespace = "byok-system";
    private const int Clients = 50;
    private const string Root = "/v1/namespaces/acme/keys/main/";

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var imports = small ? Clients : Clients * 4;
        await using var plane = await ControlPlane.StartAsync(cancellation);
        using var kube = new KubeClient(KubeConfig.Parse(plane.Kubeconfig));
        var platform = new PlatformKeys(kube, new WrappingOptions { Namespace = Namespace });
        var apiKey = await FurnishAsync(kube, platform, cancellation);
        var (making, opening) = (Making(small ? 2 : 8), Opening(small ? 50 : 400));

        var options = new ImportApiOptions
        {
            Serving = new ServingOptions
            {
                Listen = "127.0.0.1:0", TenantBurst = 100_000, TenantPerSecond = 100_000, AddressPerSecond = 100_000,
                GuessesPerSecond = 100_000, CallTimeout = TimeSpan.FromMinutes(10),
            },
            Requests = new RequestOptions { Namespace = Namespace, MostPerDay = 10_000 },
            Wrapping = platform.Options,
        };
        using var api =
            new ImportApi(kube, new ImportTargets(kube), options, TimeProvider.System, NullLoggerFactory.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = Task.WhenAll(api.Server.RunAsync(stop.Token), api.Pool.RunAsync(stop.Token));
        using var http = new HttpClient
        {
            BaseAddress = new Uri(await api.Server.Listening.WaitAsync(cancellation)),
            Timeout = TimeSpan.FromMinutes(20),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(ApiKey.Scheme, apiKey);
        await AskAsync(http, cancellation);

        var bodies = new ConcurrentBag<string>();
        var asked = await DriveAsync(imports, async () => bodies.Add(Wrapped(await AskAsync(http, cancellation))));
        var uploaded = await DriveAsync(imports, async () => await UploadAsync(http, bodies, cancellation));
        await stop.CancelAsync();
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        new Table(
            $"Import API: {imports} imports by {Clients} clients at once, RSA-{WrappingKey.PlatformBits}, on "
                + $"{Environment.ProcessorCount} cores", "call", "per s", "p50, ms", "p99, ms", "CPU, ms a call",
                    "RSA alone, CPU ms", "ratio")
            .Row([.. asked.Cells("import-request", making, "make a pair")])
            .Row([.. uploaded.Cells("import", opening, "open")])
            .Print();
    }

    private static async Task<string> FurnishAsync(
        KubeClient kube, PlatformKeys platform, CancellationToken cancellation)
    {
        foreach (var name in (string[])[Namespace, "acme"])
        {
            await kube.Api<NamespaceObject>()
                .CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = name } }, cancellation);
        }

        await kube.Api<TenantEncryptionKey>().CreateAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "main", Namespace = "acme" },
                Spec = new TenantEncryptionKeySpec
                {
                    Imported = new ImportedSource
                    {
                        Aws = new AwsImport { Regions = ["eu-west-1"] },
                        Wrapping = WrappingModes.ImportRequest,
                    },
                },
            },
            cancellation);
        await new WrappingKeeper(platform, LeadershipFence.Alone(), TimeProvider.System,
            NullLogger<WrappingKeeper>.Instance).KeepAsync(cancellation);
        await kube.Api<ConfigMap>()
            .CreateAsync(
                PublishedLimits.Build(Namespace, [new("acme", TenantLimit.Of("acme", PublishedLimits.MostPerDay))]),
                cancellation);
        return await EnrolAsync(kube, Namespace, new ObjectKey("acme", "main"), cancellation);
    }

    /// <summary>An API key for a key whose namespace stands.</summary>
    public static async Task<string> EnrolAsync(
        KubeClient kube, string ns, ObjectKey key, CancellationToken cancellation)
    {
        var made = ApiKey.Make();
        var salt = RandomNumberGenerator.GetBytes(ApiKey.SaltBytes);
        var uid =
            (await kube.Api<NamespaceObject>().GetAsync(new ObjectKey("", key.Namespace), cancellation)).Metadata.Uid!;
        var record = new ApiKeyRecord
        {
            Id = made.Id,
            Enterprise = "bench",
            Key = key,
            NamespaceUid = uid,
            Salt = salt,
            Hash = made.HashWith(salt),
        };
        await kube.Api<Secret>().CreateAsync(ApiKeySecret.Build(ns, record), cancellation);
        return made.Reveal();
    }

    /// <summary>CPU of one key pair.</summary>
    private static TimeSpan Making(int times)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        for (var time = 0; time < times; time++)
        {
            using var pair = RSA.Create(WrappingKey.PlatformBits);
            _ = pair.ExportSubjectPublicKeyInfo();
        }

        return (Environment.CpuUsage.TotalTime - cpu) / times;
    }

    /// <summary>CPU of one private-key operation.</summary>
    private static TimeSpan Opening(int times)
    {
        using var pair = RSA.Create(WrappingKey.PlatformBits);
        var wrapped = pair.Encrypt(RandomNumberGenerator.GetBytes(KeyMaterial.Length), RSAEncryptionPadding.OaepSHA256);
        var cpu = Environment.CpuUsage.TotalTime;
        for (var time = 0; time < times; time++)
        {
            _ = pair.Decrypt(wrapped, RSAEncryptionPadding.OaepSHA256);
        }

        return (Environment.CpuUsage.TotalTime - cpu) / times;
    }

    private static async Task<Load> DriveAsync(int calls, Func<Task> call)
    {
        var left = calls;
        var took = new ConcurrentBag<TimeSpan>();
        var (cpu, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var began = Stopwatch.GetTimestamp();
                await call();
                took.Add(Stopwatch.GetElapsedTime(began));
            }
        }));
        return new Load(calls / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu) / calls,
            [.. took.Order()]);
    }

    /// <summary>Comes again as long as the pool is empty and another call waits for a pair.</summary>
    private static async Task<JsonObject> AskAsync(HttpClient http, CancellationToken cancellation)
    {
        while (true)
        {
            using var answer = await http.PutAsync(Root + "import-request", null, cancellation);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return JsonNode.Parse(await SucceededAsync(answer, cancellation))!.AsObject();
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    private static string Wrapped(JsonObject request)
    {
        using var key = RSA.Create();
        key.ImportFromPem((string)request["publicKey"]!);
        var wrapped = key.Encrypt(RandomNumberGenerator.GetBytes(KeyMaterial.Length), RSAEncryptionPadding.OaepSHA256);
        return new JsonObject
        {
            ["importToken"] = (string)request["importToken"]!,
            ["keyMaterial"] = Convert.ToBase64String(wrapped),
        }.ToJsonString();
    }

    private static async Task UploadAsync(HttpClient http, ConcurrentBag<string> bodies, CancellationToken cancellation)
    {
        bodies.TryTake(out var body);
        using var content = new StringContent(body!, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(Root + "import", content, cancellation);
        await SucceededAsync(answer, cancellation);
    }

    private static async Task<string> SucceededAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? text
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
    }

    private sealed record Load(double PerSecond, TimeSpan Cpu, TimeSpan[] Took)
    {
        public IEnumerable<string> Cells(string call, TimeSpan alone, string operation) =>
        [
            call, Table.Number(PerSecond), Table.Number(At(0.5)), Table.Number(At(0.99)),
            Table.Number(Cpu.TotalMilliseconds),
            $"{operation}: {Table.Number(alone.TotalMilliseconds)}", Table.Number(Cpu / alone),
        ];

        private double At(double share) =>
            Took[Math.Min(Took.Length - 1, (int)(Took.Length * share))].TotalMilliseconds;
    }
}
