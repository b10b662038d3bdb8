using System.Net.Http.Headers;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Byok.Copying;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;
using LocalCloud.Azure.Admin;

namespace Benchmarks;

/// <summary>The copy worker on blobs beside rclone and beside a loop of bare Put Blob From URL calls, as
/// <see cref="CopyBenchmark"/> is on objects. All within one account, under the tenant's key.</summary>
internal sealed class BlobCopyBenchmark : IAsyncDisposable
{
    private const string Account = "benchaccount";
    private const string Source = "source";
    private const int RawConcurrency = 64;
    private static readonly int[] transfers = [16, 64];

    private readonly CloudProcess cloud;
    private readonly AzureReply ends;
    private readonly HttpClient http;
    private readonly ClientSecretCredential administrator;
    private readonly string certificate = Path.Combine(Path.GetTempPath(), $"localcloud-{Guid.NewGuid():N}.pem");
    private int containers;

    private BlobCopyBenchmark(CloudProcess cloud, AzureReply ends)
    {
        this.cloud = cloud;
        this.ends = ends;
        File.WriteAllText(certificate, ends.Certificate);
        var wire = new SocketsHttpHandler
        {
            Proxy = new System.Net.WebProxy(ends.Proxy),
            MaxConnectionsPerServer = RawConcurrency,
        };
        wire.SslOptions.CertificateChainPolicy = Cloud.Azure.Calling.AzureTrust.Only(ends.Certificate!);
        http = new HttpClient(wire);
        administrator = new ClientSecretCredential(
            LocalCloudAzure.PlatformTenant, LocalCloudAzure.PlatformAdminClientId, LocalCloudAzure.PlatformAdminSecret,
            new ClientSecretCredentialOptions { Transport = new HttpClientTransport(http) });
    }

    private Dictionary<string, string> Environment => new()
    {
        ["AZURE_TENANT_ID"] = LocalCloudAzure.PlatformTenant,
        ["AZURE_CLIENT_ID"] = LocalCloudAzure.PlatformAdminClientId,
        ["AZURE_CLIENT_SECRET"] = LocalCloudAzure.PlatformAdminSecret,
        ["HTTPS_PROXY"] = ends.Proxy!,
        ["SSL_CERT_FILE"] = certificate,
        ["BYOK_LOG_LEVEL"] = "Warning",
    };

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        await ManyAsync(small ? 1000 : 10_000, small ? 1 : 3, cancellation);
        await LargeAsync(small ? 1 : 4, small ? 1 : 3, cancellation);
    }

    private static async Task ManyAsync(int count, int rounds, CancellationToken cancellation)
    {
        await using var cloud = await CloudProcess.StartAsync(cancellation);
        await using var benchmark = await PrepareAsync(cloud, cancellation);
        await cloud.AzureAsync("many",
            new AzureOrder
            {
                Account = Account,
                Container = Source,
                Prefix = "many/",
                Count = count,
                Size = 64 * 1024,
                Seed = 1,
            }, cancellation);
        var best = await benchmark.RaceAsync("many/",
            [.. Enumerable.Range(0, count).Select(number => $"many/{number:D8}")], rounds, cancellation);
        var rclone = best.Where(one => one.IsRclone).MinBy(one => one.Wall)!;
        var table = new Table(
            $"Copy of {count} blobs of 64 KiB, best of {rounds} turns each", "contender", "blobs/s", "server calls",
            "its own CPU, s", "server CPU, s", "of the bare loop", "of the best rclone");
        foreach (var one in best)
        {
            table.Row(
                one.Name, Table.Number(count / one.Wall.TotalSeconds), $"{one.Calls}",
                Table.Number(one.OwnCpu.TotalSeconds), Table.Number(one.ServerCpu.TotalSeconds),
                Table.Number(best[0].Wall / one.Wall), Table.Number(rclone.Wall / one.Wall));
        }

        table.Print();
    }

    /// <summary>Where copies share no bytes: the bare loop is how fast this server reads and writes,
    /// with nothing in its way.</summary>
    private static async Task LargeAsync(int gibibytes, int rounds, CancellationToken cancellation)
    {
        await using var cloud = await CloudProcess.StartAsync(cancellation, "--copies-move-bytes");
        await using var benchmark = await PrepareAsync(cloud, cancellation);
        var names = Enumerable.Range(0, gibibytes).Select(number => $"large/{number:D8}").ToArray();
        await cloud.AzureAsync("many",
            new AzureOrder
            {
                Account = Account,
                Container = Source,
                Prefix = "large/",
                Count = gibibytes,
                Size = 1L << 30,
                Seed = 1,
            }, cancellation);
        var best = await benchmark.RaceAsync("large/", names, rounds, cancellation);
        var table = new Table(
            $"Copy of {gibibytes} blobs of 1 GiB, each byte read and written, best of {rounds} turns each", "contender",
            "seconds", "MiB/s", "server calls", "its own CPU, s", "of the server's raw rate");
        foreach (var one in best)
        {
            table.Row(
                one.Name, Table.Number(one.Wall.TotalSeconds), Table.Number(gibibytes * 1024 / one.Wall.TotalSeconds),
                $"{one.Calls}", Table.Number(one.OwnCpu.TotalSeconds),
                Table.Number(best[0].Wall / one.Wall));
        }

        table.Print();
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        File.Delete(certificate);
        return ValueTask.CompletedTask;
    }

    private Task<List<CopyTurn>> RaceAsync(string prefix, string[] names, int rounds, CancellationToken cancellation) =>
        new CopyRace(cloud,
            (NewContainerAsync, (name, stop) => cloud.RemoveContainerAsync(Account, name, stop))).RunAsync(
            [
                new CopyContender("bare Put Blob From URL loop", (target, stop) => RawAsync(names, target, stop)),
                new CopyContender("copy worker, Checksum",
                    (target, stop) => OursAsync(prefix, target, VerificationMode.Checksum, stop)),
                new CopyContender("copy worker, Metadata",
                    (target, stop) => OursAsync(prefix, target, VerificationMode.Metadata, stop)),
                .. transfers.Select(one =>
                    new CopyContender($"rclone --transfers {one} --checkers {one}",
                        (target, stop) => RcloneAsync(prefix, target, one, stop))),
            ],
            rounds, cancellation);

    private static async Task<BlobCopyBenchmark> PrepareAsync(CloudProcess cloud, CancellationToken cancellation)
    {
        var benchmark = new BlobCopyBenchmark(cloud, await cloud.AzureAsync("endpoints", order: null, cancellation));
        await benchmark.FurnishAsync(cancellation);
        return benchmark;
    }

    private async Task FurnishAsync(CancellationToken cancellation)
    {
        await cloud.AzureAsync("accounts", new AzureOrder { Account = Account }, cancellation);
        await cloud.AzureAsync("containers", new AzureOrder { Account = Account, Container = Source }, cancellation);
        await cloud.AzureAsync("vaults", new AzureOrder { Name = "bench" }, cancellation);
        await cloud.AzureAsync("keys", new AzureOrder { Vault = "bench", Key = "bench" }, cancellation);
        var app = (await cloud.AzureAsync(
            $"installs?tenant={LocalCloudAzure.Tenant}&clientId={LocalCloudAzure.AppClientId}", order: null,
            cancellation)).ObjectId;
        var vault = (await cloud.AzureAsync("vaults?name=bench", order: null, cancellation)).Id;
        await cloud.AzureAsync("roles",
            new AzureOrder { Principal = app, Role = "Key Vault Crypto Service Encryption User", Scope = vault },
            cancellation);
        await cloud.AzureAsync("accounts/encrypt",
            new AzureOrder
            {
                Account = Account,
                Vault = "bench",
                Key = "bench",
                ClientId = LocalCloudAzure.AppClientId,
            }, cancellation);
    }

    private async Task<string> NewContainerAsync(CancellationToken cancellation)
    {
        var name = $"target{++containers}";
        await cloud.AzureAsync("containers", new AzureOrder { Account = Account, Container = name }, cancellation);
        return name;
    }

    private static StoreRef At(string container) => new(LocalCloudAzure.Location, $"{Account}/{container}")
    {
        Cloud = CloudKind.Azure, Scope = $"{LocalCloudAzure.PlatformSubscription}/{LocalCloudAzure.ResourceGroup}",
    };

    private async Task<(TimeSpan Wall, TimeSpan Cpu)> OursAsync(
        string prefix, string target, VerificationMode verification, CancellationToken cancellation)
    {
        var options = new CopyOptions
        {
            Source = At(Source),
            Prefix = prefix,
            Target = At(target),
            Key =
                new KeyRef(KeyRef.AnyRegion, $"{LocalCloudAzure.Vault("bench")}keys/bench") { Cloud = CloudKind.Azure },
            Fingerprint = "bench",
            Verification = verification,
        };
        return await CopyRace.TimeAsync(Fleet.OperatorFile, [.. options.ToArguments(), "--shard", "0"], Environment,
            cancellation);
    }

    private async Task<(TimeSpan Wall, TimeSpan Cpu)> RcloneAsync(
        string prefix, string target, int atOnce, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>(Environment)
        {
            ["RCLONE_CONFIG"] = "/dev/null",
            ["RCLONE_CONFIG_CLOUD_TYPE"] = "azureblob",
            ["RCLONE_CONFIG_CLOUD_ACCOUNT"] = Account,
            ["RCLONE_CONFIG_CLOUD_KEY"] =
                (await cloud.AzureAsync($"accounts?account={Account}", order: null, cancellation)).Key!,
        };
        string[] arguments =
        [
            "copy", $"cloud:{Source}/{prefix}", $"cloud:{target}/{prefix}", "--transfers", $"{atOnce}", "--checkers",
            $"{atOnce}",
        ];
        return await CopyRace.TimeAsync("rclone", arguments, environment, cancellation);
    }

    private async Task<(TimeSpan Wall, TimeSpan Cpu)> RawAsync(
        string[] names, string target, CancellationToken cancellation)
    {
        var token = (await administrator.GetTokenAsync(new TokenRequestContext(["https://storage.azure.com/.default"]),
            cancellation)).Token;
        return await CopyRace.LoopAsync(
            names, RawConcurrency,
            (name, stop) => SendAsync(
                $"{target}/{name}", token,
                [("x-ms-blob-type", "BlockBlob"),
                    ("x-ms-copy-source", $"{LocalCloudAzure.Blob(Account)}{Source}/{name}"),
                    ("x-ms-copy-source-authorization", $"Bearer {token}")], stop),
            cancellation);
    }

    private async Task SendAsync(
        string path, string token, (string Name, string Value)[] headers, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put,
            new Uri(LocalCloudAzure.Blob(Account), path)) { Content = new ByteArrayContent([]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("x-ms-version", "2023-11-03");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
