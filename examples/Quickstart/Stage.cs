using System.CommandLine;
using Amazon.Runtime;
using Amazon.S3;
using Byok.Copying;
using ByokOperator;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Hosting;
using ByokOperator.Reencrypting;
using Cloud.Aws;
using Cloud.Azure;
using Cloud.Keys;
using EmbeddedNode;
using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using LocalCloud;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Quickstart;

/// <summary>Everything the story needs: a cloud, an API server, a node for the copy pods,
/// and the operator itself.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Region = "eu-west-1";
    public const string SystemNamespace = "byok-system";

    /// <summary>The operator's own, with exactly the rights that <c>examples/manifests/operator</c> gives it.</summary>
    public const string OperatorAccount = $"system:serviceaccount:{SystemNamespace}:byok-operator";

    /// <summary>Nobody's in a cluster: its pods are ours to run.</summary>
    private const string Scheduler = "byok-quickstart";

    private readonly CancellationTokenSource stop = new();
    private readonly List<IAsyncDisposable> parts = [];
    private readonly BorrowedCluster? borrowed;
    private readonly StageAzure azure;
    private KubeClient operatorKube;
    private Task<int>? running;
    private CancellationTokenSource? stopOperator;
    private Action? restart;
    private AwsCloud? operatorAws;
    private AzureCloud? operatorAzure;
    private AzureCloud? podAzure;

    private Stage(LocalCloudServer cloud, KubeClient kube, AwsCloud aws, BorrowedCluster? borrowed)
    {
        this.borrowed = borrowed;
        Cloud = cloud;
        Kube = kube;
        operatorKube = kube;
        Aws = aws;
        azure = new StageAzure(cloud);
    }

    public LocalCloudServer Cloud { get; }

    public KubeClient Kube { get; }

    /// <summary>As the copy pods have it: theirs, and not the operator's own.</summary>
    public AwsCloud Aws { get; }

    /// <summary>Null where the cluster is a real one.</summary>
    public FakeApiServerHost? Server { get; private init; }

    /// <param name="kubeconfig">A real cluster's; null for the embedded API server.</param>
    public static async Task<Stage> SetAsync(string? kubeconfig, ILoggerFactory logs)
    {
        var cloud = await LocalCloudServer.StartAsync();
        var aws = Connect(cloud, logs, leave: null, controlKeys: []);
        FakeApiServerHost? server = null;
        if (kubeconfig is null)
        {
            server = await FakeApiServerHost.StartAsync();
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "crds"), "*.yaml"))
            {
                server.RegisterDefinitions(await File.ReadAllTextAsync(file));
            }

            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "rbac"), "*.yaml"))
            {
                server.Apply(await File.ReadAllTextAsync(file));
            }
        }

        var kube = new KubeClient(server is null ? KubeConfig.Load(kubeconfig) : KubeConfig.Parse(server.Kubeconfig));
        var borrowed = server is null ? new BorrowedCluster(kube, TimeProvider.System) : null;
        var stage = new Stage(cloud, kube, aws, borrowed)
        {
            Server = server,
            operatorKube = server is null ? kube
                : new KubeClient(KubeConfig.Parse(server.KubeconfigFor(OperatorAccount))),
        };
        if (server is not null)
        {
            stage.parts.Add(server);
        }

        stage.parts.Add(cloud);
        return stage;
    }

    /// <summary>Where the operator that is started here keeps its lease and its records.</summary>
    public string OperatorNamespace => borrowed?.SystemNamespace ?? SystemNamespace;

    /// <summary>What names of namespaces begin with.</summary>
    public string NamePrefix => borrowed?.Run ?? "tenant";

    /// <summary>Looks whether a real cluster is fit for it, before anything is made there.</summary>
    /// <exception cref="InvalidOperationException">It is not; says how to mend that.</exception>
    public async Task PrepareAsync()
    {
        if (borrowed is not null)
        {
            await borrowed.PrepareAsync();
            await borrowed.MakeNamespaceAsync(OperatorNamespace);
        }
    }

    /// <summary>On a real cluster a namespace of the story's own, which goes with the story;
    /// the embedded server needs none.</summary>
    public Task EnsureNamespaceAsync(string name) => borrowed?.MakeNamespaceAsync(name) ?? Task.CompletedTask;

    /// <summary>What the platform says of a tenant; left out,
    /// the namespace may name anything that nobody else has.</summary>
    public async Task GiveAsync(string ns, TenantSpec? spec = null)
    {
        Cloud.Admin.AddAccessKey(DataKey(ns), DataKey(ns), DataRole(ns));
        spec ??= Anything(ns);
        spec.Namespaces.ToList().ForEach(one => Enrol(one.Name));
        await Kube.Api<Tenant>()
            .ApplyAsync(
                new Tenant { Metadata = new ObjectMeta { Name = ns, Labels = borrowed?.Labels }, Spec = spec },
                "quickstart", CancellationToken.None);
    }

    /// <summary>The role of a tenant's workloads.</summary>
    public static string DataRole(string ns) => $"arn:aws:iam::{LocalCloudAccounts.Platform}:role/{ns}-data";

    /// <summary>S3 as the tenant's workloads see it.</summary>
    public IAmazonS3 WorkloadsOf(string ns) => S3(DataKey(ns), DataKey(ns));

    /// <summary>What this tenant has to put on its key.</summary>
    /// <param name="arn">The key.</param>
    /// <param name="name">Of the Tenant.</param>
    /// <param name="spec">What the platform says of it; left out, as <see cref="GiveAsync"/> has it.</param>
    public string KeyPolicy(string arn, string name, TenantSpec? spec = null) => Aws.Policies.RequiredPolicy(
        new KeyRef(Region, arn),
        KeyBindings.Of(name,
            Authority.Of([new Tenant { Metadata = new ObjectMeta { Name = name }, Spec = spec ?? Anything(name) }])));

    /// <summary>Id and secret of an access key of that role.</summary>
    private static string DataKey(string ns) => $"AKIA-{ns}";

    /// <summary>Lets the operator into a namespace, as the platform does.</summary>
    public void Enrol(string ns, string role = "byok-operator-tenant") =>
        Bind(ns, role, $"{{kind: ServiceAccount, name: byok-operator, namespace: {SystemNamespace}}}");

    /// <summary>Takes it back.</summary>
    public void PutOut(string ns) => Bind(ns, "byok-operator-tenant", "");

    private void Bind(string ns, string role, string subject) => Server?.Apply($$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: {{role}}, namespace: {{ns}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{role}}}
        subjects: [{{subject}}]
        """);

    public static TenantSpec Anything(string ns) => new()
    {
        Namespaces = [new() { Name = ns }],
        Limits = new() { Keys = 1_000, Stores = 1_000, MinProbeInterval = "1s", MaxStaleness = "168h" },
        Keys = new() { AwsAccounts = ["*"], AzureDirectories = ["*"], Vaults = ["*"] },
        Shared = new()
        {
            Aws = [new() { Bucket = "*", Prefix = "*" }],
            Azure = [new() { AccountName = "*", Container = "*", Prefix = "*" }],
        },
        Stores = new()
        {
            AwsRegions = ["*"],
            Azure = [new() { SubscriptionId = "*", ResourceGroup = "*", Locations = ["*"] }],
            BucketNames = ["*"],
            AccountNames = ["*"],
            DataPrincipals = new() { Aws = DataRole(ns) },
        },
    };

    public Task TakeBackAsync(string ns) =>
        Kube.Api<Tenant>().DeleteAsync(new ObjectKey("", ns), null, CancellationToken.None);

    /// <summary>Starts a stand-in for the node that runs the operator's copy pods:
    /// the embedded cloud is on this machine alone.</summary>
    public void StartNode(ILoggerFactory logs)
    {
        if (Server is null)
        {
            var node = new PodRunner(Kube, OperatorNamespace, Scheduler,
                (pod, cancellation) => RunPodAsync(pod, logs, cancellation));
            node.Start();
            parts.Insert(0, node);
        }
        else
        {
            var node =
                new JobRunner(Kube, SystemNamespace, (pod, cancellation) => RunPodAsync(pod, logs, cancellation));
            node.Start();
            parts.Insert(0, node);
        }
    }

    /// <summary>Starts the operator in this process, and its node.</summary>
    public void StartOperator(ILoggerFactory logs, Func<OperatorOptions, OperatorOptions>? change = null)
    {
        StartNode(logs);
        restart = () => RunOperator(logs, change);
        restart();
    }

    /// <summary>The operator that was started here ends; nothing that it knew is left.</summary>
    public async Task StopOperatorAsync()
    {
        await stopOperator!.CancelAsync();
        try
        {
            await running!;
        }
        catch (OperationCanceledException)
        {
            // It was starting still.
        }

        running = null;
        operatorAws?.Dispose();
        operatorAzure?.Dispose();
    }

    /// <summary>With the same settings, after it was stopped.</summary>
    public void RestartOperator() => restart!();

    private void RunOperator(ILoggerFactory logs, Func<OperatorOptions, OperatorOptions>? change)
    {
        var options = new OperatorOptions
        {
            Namespace = OperatorNamespace,
            Identity = $"quickstart-{Environment.ProcessId}",
            Listen = "127.0.0.1:0",
            Workers = 4,
            CopyPods = Server is null
                ? new CopyPodOptions { Image = "embedded", ServiceAccount = "default", SchedulerName = Scheduler }
                : new CopyPodOptions { Image = "embedded" },
        };
        stopOperator = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var chosen = change is null ? options : change(options);
        running = RunAsync(chosen, logs, stopOperator.Token);
    }

    /// <summary>With the client and the clouds of the stage, which outlive it.</summary>
    private async Task<int> RunAsync(OperatorOptions options, ILoggerFactory logs, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(logs).AddSingleton(operatorKube)
            .AddSingleton(services => Ports(services.GetRequiredService<LeaderElector>().Fence.ThrowIfLost));
        builder.AddByokOperator(options, _ => []);
        await using var app = builder.Build();
        return await app.MapKubernetesOperator().RunManagerAsync(cancellation);

        CloudPorts Ports(Action leave)
        {
            operatorAws = Connect(Cloud, logs, leave, options.Aws.ControlKeys);
            operatorAzure = azure.Connect(logs, leave);
            return Clouds.PortsOf(operatorAws, operatorAzure);
        }
    }

    /// <summary>Throws what the operator died of, if it was started here and did.</summary>
    public async Task ThrowIfDeadAsync()
    {
        if (running is { IsCompleted: true } ended)
        {
            throw new InvalidOperationException($"the operator ended with {await ended}");
        }
    }

    /// <summary>S3 as one of the platform's own writers sees it.</summary>
    public IAmazonS3 S3(string accessKey, string secret) => new AmazonS3Client(
        new BasicAWSCredentials(accessKey, secret),
        new AmazonS3Config
        {
            ServiceURL = Cloud.Url.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = Region,
            MaxErrorRetry = 0,
        });

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await (running ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var part in parts)
        {
            await part.DisposeAsync();
        }

        foreach (var left in borrowed is null ? [] : await borrowed.TakeAwayAsync())
        {
            await Console.Error.WriteLineAsync($"quickstart: {left}");
        }

        stopOperator?.Dispose();
        operatorAws?.Dispose();
        operatorAzure?.Dispose();
        podAzure?.Dispose();
        azure.Dispose();
        Aws.Dispose();
        operatorKube.Dispose();
        Kube.Dispose();
        stop.Dispose();
    }

    /// <param name="controlKeys">As <c>--aws-control-keys</c> takes them.</param>
    private static AwsCloud Connect(
        LocalCloudServer cloud, ILoggerFactory logs, Action? leave, IEnumerable<string> controlKeys) => AwsCloud.Create(
        new AwsOptions
        {
            OperatorRoleArn = LocalCloudAccounts.OperatorRole,
            AccessKey = new AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
            HomeRegion = Region,
            ControlKeys = ControlKeys.Read(controlKeys).Keys,
            KmsEndpoint = cloud.Url.ToString(),
            S3Endpoint = cloud.Url.ToString(),
            StsEndpoint = cloud.Url.ToString(),
        },
        TimeProvider.System,
        logs,
        leave);

    // The same workers that a copy pod runs, called with the pod's own arguments.
    private Task<int> RunPodAsync(PodCall pod, ILoggerFactory logs, CancellationToken cancellation)
    {
        string[] shard = pod.Environment.TryGetValue(CopyCommand.ShardVariable, out var index) ? ["--shard", index]
            : [];
        podAzure ??= azure.Connect(logs, leave: null);
        var ports = Clouds.PortsOf(Aws, podAzure);
        var workers = new RootCommand
        {
            CopyCommand.Create(_ => ports.Objects, TimeProvider.System, logs, TextWriter.Null),
            ReencryptCommand.Create(_ => new ReencryptionPorts(ports.Objects, ports.Encryption), TimeProvider.System,
                logs),
        };
        return workers.Parse([.. pod.Arguments, .. shard]).InvokeAsync(cancellationToken: cancellation);
    }
}
