using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Notifications;
using Kube.Runtime.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ByokOperator.Commands;

/// <summary><c>byok-operator run</c>: flags to <see cref="OperatorOptions"/>,
/// then the controllers until told to stop.</summary>
internal static class RunCommand
{
    private static readonly Option<string?> Kubeconfig =
        new("--kubeconfig") { Description = "kubeconfig file; in a pod the service account is used" };
    private static readonly Option<string?> Context = new("--context") { Description = "context of the kubeconfig" };
    private static readonly Option<string> Namespace = new("--namespace")
    {
        Description = "the operator's own namespace (lease, copy Jobs)",
        DefaultValueFactory = _ => CommandLine.Env("POD_NAMESPACE") ?? "byok-system",
    };
    private static readonly Option<string> Account = new("--service-account")
    {
        Description = "the operator's own service account, as messages name it",
        DefaultValueFactory = _ => CommandLine.Env("POD_SERVICE_ACCOUNT") ?? "byok-operator",
    };
    private static readonly Option<string> Identity = new("--identity")
    {
        Description = "this replica's name in the lease",
        DefaultValueFactory = _ => $"{CommandLine.Env("POD_NAME") ?? Environment.MachineName}_{Guid.NewGuid():N}",
    };
    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "address of /healthz, /readyz and, without --metrics-listen, /metrics",
        DefaultValueFactory = _ => "0.0.0.0:8080",
    };
    private static readonly Option<int> Workers =
        new("--workers") { Description = "reconciles side by side, per kind", DefaultValueFactory = _ => 16 };
    private static readonly Option<string> SteadyRecheck = new("--steady-recheck")
    {
        Description = "how often a store at rest is looked at",
        DefaultValueFactory = _ => "10m",
    };
    private static readonly Option<string> LeaseDuration = new("--lease-duration")
    {
        Description = "leader lease, 5s or more; renew deadline and retry period keep 10/15 and 2/15 of it",
        DefaultValueFactory = _ => "15s",
    };
    private static readonly Option<string> Settling = new("--cloud-settling")
    {
        Description = "how long a cloud's list may lack a key that was just made",
        DefaultValueFactory = _ => "5m",
    };
    private static readonly Option<string> Image = new("--image")
    {
        Description = "image of the copy pods: the operator's own",
        DefaultValueFactory = _ => CommandLine.Env("BYOK_IMAGE") ?? "",
    };
    private static readonly Option<string> PullPolicy =
        new("--image-pull-policy") { Description = "of the copy pods", DefaultValueFactory = _ => "IfNotPresent" };
    private static readonly Option<string> CopyAccount = new("--copy-service-account")
    {
        Description = "service account of the copy pods",
        DefaultValueFactory = _ => "byok-copy",
    };
    private static readonly Option<string[]> CopySecrets = new("--copy-env-from-secret")
    {
        Description = "Secret of the operator's namespace that becomes the copy pods' environment; repeatable",
    };
    private static readonly Option<bool> CopyHostNetwork =
        new("--copy-host-network") { Description = "copy pods use the node's network" };
    private static readonly Option<string[]> CopyNodes =
        new("--copy-node-selector") { Description = "label=value that the copy pods' nodes carry; repeatable" };
    private static readonly Option<string> CopyCpu =
        new("--copy-cpu") { Description = "CPU request of a copy pod", DefaultValueFactory = _ => "500m" };
    private static readonly Option<string> CopyMemory = new("--copy-memory")
    {
        Description = "memory request and limit of a copy pod",
        DefaultValueFactory = _ => "256Mi",
    };
    private static readonly Option<string?> JobQueue = new("--job-queue")
    {
        Description =
            "Kueue's LocalQueue in the operator's namespace that copies wait in; a copy behind a fence waits for "
                + "nobody",
    };
    private static readonly Option<string?> NotificationSink = new(
        "--notice-sink") { Description = "URL that notices (CloudEvents) are posted to; none are sent when left out" };
    private static readonly Option<string?> NotificationSecretFile = new("--notice-secret-file")
    {
        Description =
            "mounted file with the secret that signs notices; else BYOK_NOTICE_SECRET_FILE, else the secret in "
                + "BYOK_NOTICE_SECRET",
    };

    public static Command Create()
    {
        Command command = new("run", "Run the controllers.");
        foreach (var option
            in (Option[])[Kubeconfig, Context, Namespace, Account, Identity, Listen, Workers, SteadyRecheck,
                LeaseDuration, Settling, Image, PullPolicy, CopyAccount, CopySecrets, CopyHostNetwork, CopyNodes,
                CopyCpu, CopyMemory, JobQueue, NotificationSink, NotificationSecretFile, .. AwsFlags.All,
                .. AzureFlags.All,
                .. ImportFlags.All, .. MetricsFlags.All])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => ActAsync(parsed, cancellation));
        return command;
    }

    private static Task<int> ActAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (!GoDuration.TryParse(parsed.GetValue(SteadyRecheck), out var recheck)
            || !GoDuration.TryParse(parsed.GetValue(LeaseDuration), out var lease)
            || !GoDuration.TryParse(parsed.GetValue(Settling), out var settling))
        {
            throw new BadInputException(
                "--steady-recheck, --lease-duration and --cloud-settling are durations, such as 10m or 15s");
        }

        var options = Read(parsed, recheck, lease) with { CloudSettling = settling };
        return Launch.HostAsync(
            builder => builder.AddByokOperator(options, given => Violations(given, parsed))
                .Services.AddSingleton<IRunnable>(new HeapTrim(TimeProvider.System)),
            cancellation);
    }

    /// <summary>The secret is looked at last: what names its file may be wrong itself.</summary>
    private static IEnumerable<string> Violations(OperatorOptions options, ParseResult parsed)
    {
        IReadOnlyList<string> wrong =
        [
            .. OptionRules.Violations(options),
            .. NodeViolations(parsed),
            .. CloudVariables.Violations(Environment.GetEnvironmentVariable),
        ];
        if (wrong.Count > 0 || options.NotificationSink is null)
        {
            return wrong;
        }

        var secret = new NotificationSecret(options.NotificationSecretFile, Environment.GetEnvironmentVariable);
        return secret.Fault() is { } unsigned ? [unsigned] : [];
    }

    private static OperatorOptions Read(ParseResult parsed, TimeSpan recheck, TimeSpan lease) => new()
    {
        Kubeconfig = parsed.GetValue(Kubeconfig),
        Context = parsed.GetValue(Context),
        Namespace = parsed.GetValue(Namespace)!,
        ServiceAccount = parsed.GetValue(Account)!,
        Identity = parsed.GetValue(Identity)!,
        Listen = parsed.GetValue(Listen)!,
        Workers = parsed.GetValue(Workers),
        SteadyRecheck = recheck,
        Lease = new LeaseOptions { Duration = lease },
        CopyPods = new CopyPodOptions
        {
            Image = parsed.GetValue(Image)!,
            ImagePullPolicy = parsed.GetValue(PullPolicy)!,
            ServiceAccount = parsed.GetValue(CopyAccount)!,
            EnvFromSecrets = parsed.GetValue(CopySecrets) ?? [],
            HostNetwork = parsed.GetValue(CopyHostNetwork),
            NodeSelector = Pairs(parsed).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0])
                .ToDictionary(pair => pair[0], pair => pair[1]),
            Cpu = parsed.GetValue(CopyCpu)!,
            Memory = parsed.GetValue(CopyMemory)!,
            Queue = parsed.GetValue(JobQueue),
        },
        Aws = AwsFlags.Read(parsed),
        Azure = AzureFlags.Read(parsed),
        Imports = ImportFlags.Read(parsed),
        Metrics = MetricsFlags.Read(parsed),
        NotificationSink = parsed.GetValue(NotificationSink),
        NotificationSecretFile = parsed.GetValue(NotificationSecretFile),
    };

    private static IEnumerable<string[]> Pairs(ParseResult parsed) =>
        (parsed.GetValue(CopyNodes) ?? []).Select(pair => pair.Split('=', 2));

    private static IEnumerable<string> NodeViolations(ParseResult parsed) =>
    [
        .. Pairs(parsed).Where(pair => pair is not [{ Length: > 0 }, _])
            .Select(pair => $"{CopyNodes.Name} is '{string.Join('=', pair)}': give LABEL=VALUE"),
        .. Pairs(parsed).GroupBy(pair => pair[0]).Where(same => same.Count() > 1)
            .Select(same => $"{CopyNodes.Name} names {same.Key} twice: give one value"),
    ];
}
