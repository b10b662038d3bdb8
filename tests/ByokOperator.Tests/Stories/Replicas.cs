using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using Cloud.Keys;
using Cluster.Tests.Primitives;
using FakeApiServer;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>The operator as processes of its own, with a real lease,
/// on embedded servers that tell one replica's calls from another's.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    public const string Namespace = "tenant-acme";
    private const string Secret = "local-replica-secret";
    private static readonly TimeSpan quiet = TimeSpan.FromMilliseconds(500);
    private static readonly ObjectKey leaseAddress = new(Stage.SystemNamespace, "byok-operator");

    private readonly Stage stage;
    private readonly List<Replica> members = [];
    private readonly string folder = Directory.CreateTempSubdirectory("byok-replicas-").FullName;
    private readonly ConcurrentQueue<ApiCall> writes = new();

    private Replicas(Stage stage)
    {
        this.stage = stage;
        stage.Server!.Asked += call =>
        {
            if (call.Method != "GET")
            {
                writes.Enqueue(call);
            }
        };
    }

    public LocalCloudAdmin Cloud => stage.Cloud.Admin;

    public FakeApiServerHost Server => stage.Server!;

    public static async Task<Replicas> StartAsync()
    {
        var stage = await Stage.SetAsync(null, NullLoggerFactory.Instance);
        stage.StartNode(NullLoggerFactory.Instance);
        await stage.GiveAsync(Namespace);
        var replicas = new Replicas(stage);
        replicas.Join();
        replicas.Join();
        return replicas;
    }

    /// <summary>Starts one more; names are never used twice.</summary>
    public void Join()
    {
        var name = $"REPLICA{members.Count}";
        Cloud.AddAccessKey(name, Secret, LocalCloudAccounts.OperatorRole);
        var kubeconfig = Path.Combine(folder, name);
        File.WriteAllText(kubeconfig, Server.KubeconfigFor(name));
        var url = stage.Cloud.Url.ToString();
        members.Add(new Replica(name, Programs.StartOperator(
            kubeconfig,
            new Dictionary<string, string>
            {
                ["AWS_ENDPOINT_URL"] = url,
                ["AWS_REGION"] = Stage.Region,
                ["AWS_ACCESS_KEY_ID"] = name,
                ["AWS_SECRET_ACCESS_KEY"] = Secret,
            },
            "--identity", name, "--namespace", Stage.SystemNamespace, "--listen", "127.0.0.1:0", "--image", "embedded",
            "--lease-duration", "5s",
            "--aws-operator-role", LocalCloudAccounts.OperatorRole)));
    }

    /// <summary>Whoever holds the lease and is not the one named.</summary>
    public async Task<Replica> LeaderAsync(string? otherThan = null)
    {
        Replica? found = null;
        await Until.HoldsAsync("a replica leads", async () =>
        {
            ThrowIfDead();
            var lease = await stage.Kube.Api<Lease>().TryGetAsync(leaseAddress, CancellationToken.None);
            var holder = lease?.Spec.HolderIdentity;
            found = holder == otherThan ? null : members.Find(member => member.Name == holder);
            return found is null ? $"the lease is {holder ?? "nobody"}'s" : null;
        });
        return found!;
    }

    public void Leave(Replica replica) => members[members.IndexOf(replica)] = replica with { Name = "" };

    /// <summary>A store of that name, its key, its bucket, and a shared bucket of its own to come from.</summary>
    /// <returns>The key's ARN.</returns>
    public async Task<string> ApplyStoreAsync(string name)
    {
        var arn = Cloud.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        Cloud.SetKeyPolicy(arn, stage.KeyPolicy(arn, Namespace));
        await stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = name, Namespace = Namespace },
                Spec = new TenantEncryptionKeySpec
                {
                    Revocation = new KeyRevocation { ProbeInterval = "1s", MaxStaleness = "10m" },
                    AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Stage.Region, Arn = arn }] },
                },
            },
            "test", CancellationToken.None);
        Cloud.CreateBucket(SharedOf(name), Stage.Region, LocalCloudAccounts.Platform);
        using var writer = stage.WorkloadsOf(Namespace);
        foreach (var key in (string[])["acme/a", "acme/b", "acme2/neighbour"])
        {
            await writer.PutObjectAsync(
                new PutObjectRequest { BucketName = SharedOf(name), Key = key, ContentBody = key });
        }

        await stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = name, Namespace = Namespace },
                Spec = new EncryptedStoreSpec
                {
                    KeyRef = new ByokOperator.Api.KeyReference { Name = name },
                    Aws = new AwsStore { Region = Stage.Region, BucketName = BucketOf(name) },
                    Shared = new SharedLocation
                    {
                        Aws = new AwsSharedLocation { Bucket = SharedOf(name), Prefix = "acme/" },
                    },
                    Migration = new MigrationPolicy { Parallelism = 1 },
                },
            },
            "test", CancellationToken.None);
        return arn;
    }

    public static string BucketOf(string store) => $"acme-{store}";

    public static string SharedOf(string store) => $"platform-{store}";

    public Task UntilAsync(string store, string what, Func<EncryptedStore, bool> holds) =>
        Until.HoldsAsync($"{store} {what}", async () =>
        {
            ThrowIfDead();
            var seen = await stage.Kube.Api<EncryptedStore>()
                .TryGetAsync(new ObjectKey(Namespace, store), CancellationToken.None);
            return seen is null ? "no store" : holds(seen) ? null : JsonSerializer.Serialize(seen, EncryptedStore.Json);
        });

    public Task UntilReadyAsync(string store) =>
        UntilAsync(store, "is ready", seen => Tenant.Is(seen, "Ready", "True") && seen.Status?.Availability == "Open");

    /// <summary>From here on <see cref="ChangesBy"/> counts.</summary>
    public void Forget()
    {
        Cloud.ResetCalls();
        writes.Clear();
    }

    /// <summary>Until whatever else the replica had in hand is done,
    /// so that what it does later it did not begin before.</summary>
    public async Task UntilQuietAsync(Replica replica)
    {
        int Done() => ChangesBy(replica).Count(change => !change.Contains("/leases/", StringComparison.Ordinal));
        for (int before = -1, now = Done(); before != now; now = Done())
        {
            before = now;
            await Task.Delay(quiet);
        }
    }

    /// <summary>
    /// What that replica asked the cloud or the API server to change since <see cref="Forget"/>, done or refused. A
    /// name in the call log that is not known to only read counts. An Event does not:
    /// it tells people what was done before, and acts on nothing.
    /// </summary>
    public IReadOnlyList<string> ChangesBy(Replica replica) =>
    [
        .. Cloud.Calls().Where(call => call.AccessKey == replica.Name && !Reads(call.Operation))
            .Select(call => $"{call.Operation} {call.Bucket}/{call.Key}"),
        .. writes.Where(call =>
            call.User == replica.Name && !call.Path.EndsWith("/events", StringComparison.Ordinal)
                && !call.Path.Contains("/events/", StringComparison.Ordinal))
                    .Select(call => $"{call.Method} {call.Path}"),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }

        await stage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public static bool Reads(string operation) =>
        operation is "Decrypt" or "GenerateDataKeyWithoutPlaintext"
        || ((string[])["Get", "Head", "List", "Describe"])
            .Any(verb => operation.StartsWith(verb, StringComparison.Ordinal));

    private void ThrowIfDead()
    {
        if (members.Find(member => member.Name.Length > 0 && member.Process.HasExited) is { } dead)
        {
            throw new TimeoutException($"{dead.Name} has ended:\n{dead.Process.Log}");
        }
    }
}
