using ByokOperator.Api;
using Cloud.Aws;
using Cloud.Azure;
using Kube.Client;
using Kube.Core;
using Kube.Runtime.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ByokOperator.Hosting;

/// <summary>Makes the real clients for the commands that stay, and runs them on these.</summary>
internal static class Launch
{
    private const string LevelVariable = "BYOK_LOG_LEVEL";

    public static Task<int> RunAsync(OperatorOptions options, CancellationToken cancellation) =>
        WithClientAsync(options.Kubeconfig, options.Context, async (client, logs) =>
        {
            Clouds? clouds = null;
            try
            {
                return await OperatorHost.RunAsync(
                    options, client, leave => (clouds = Clouds(options.Aws, options.Azure, logs, leave)).Ports, logs, cancellation,
                    manager => manager.AddBeside(new HeapTrim(TimeProvider.System)));
            }
            finally
            {
                clouds?.Dispose();
            }
        });

    public static Task<int> ServeImportsAsync(ImportApiSettings settings, CancellationToken cancellation) =>
        WithClientAsync(settings.Kubeconfig, settings.Context, (client, logs) => ImportApiHost.RunAsync(settings, client, logs, cancellation));

    /// <summary>Of every client of ours: the API server's log tells who asks.</summary>
    public static KubeClientOptions ClientOptions => new() { UserAgent = $"byok-operator/{OperatorVersion.Current}" };

    private static async Task<int> WithClientAsync(string? kubeconfig, string? context, Func<KubeClient, ILoggerFactory, Task<int>> runAsync)
    {
        using var logs = Logs();
        KubeConnection connection;
        try
        {
            connection = kubeconfig is null && KubeConfig.IsInCluster ? KubeConfig.InCluster() : KubeConfig.Load(kubeconfig, context);
        }
        catch (KubeConfigException wrong)
        {
            await Console.Error.WriteLineAsync($"byok-operator: {wrong.Message}");
            return ExitCodes.Usage;
        }

        using var traces = Telemetry.Traces(Environment.GetEnvironmentVariable);
        using var client = new KubeClient(
            connection, ClientOptions, TimeProvider.System, new RequestMeter(TimeProvider.System));
        try
        {
            return await runAsync(client, logs);
        }
        catch (Exception failed) when (failed is KubeException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"byok-operator: the API server can't be asked: {failed.Message}");
            return ExitCodes.Failed;
        }
    }

    public static ILoggerFactory Logs()
    {
        var level = Level(RunCommand.Env(LevelVariable));
        return LoggerFactory.Create(builder => Write(builder, level));
    }

    private static void Write(ILoggingBuilder builder, LogLevel level)
    {
        builder.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(TimeProvider.System));
        builder
            .SetMinimumLevel(level)
            .AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
    }

    private static LogLevel Level(string? text) => text is null ? LogLevel.Information
        : Enum.GetNames<LogLevel>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse<LogLevel>(name)
        : throw new BadInputException($"{LevelVariable} is '{text}': give {string.Join(", ", Enum.GetNames<LogLevel>())}");

    /// <summary>Flags win over the environment.</summary>
    public static Clouds Clouds(AwsAccess aws, AzureAccess azure, ILoggerFactory logs, Action? leave = null)
    {
        BadInputException.ThrowIfAny(CloudVariables.Violations(Environment.GetEnvironmentVariable));
        return new Clouds(
            AwsCloud.Create(AwsOptionsOf(aws), TimeProvider.System, logs, leave),
            AzureOptionsOf(azure) is { IsConfigured: true } options ? AzureCloud.Create(options, TimeProvider.System, logs, leave) : null);
    }

    public static AwsOptions AwsOptionsOf(AwsAccess access)
    {
        var environment = AwsOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        return environment with
        {
            OperatorRoleArn = access.OperatorRoleArn ?? environment.OperatorRoleArn,
            AssumeRoleArn = access.AssumeRoleArn ?? environment.AssumeRoleArn,
            ExternalId = access.ExternalId ?? environment.ExternalId,
            ControlKeys = ControlKeys.Read(access.ControlKeys).Keys,
        };
    }

    public static AzureOptions AzureOptionsOf(AzureAccess access)
    {
        var environment = AzureOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        return environment with
        {
            TenantId = access.TenantId ?? environment.TenantId,
            ClientId = access.ClientId ?? environment.ClientId,
            IdentityResourceId = access.IdentityResourceId ?? environment.IdentityResourceId,
            ApplicationClientId = access.ApplicationClientId ?? environment.ApplicationClientId,
            Environment = access.Environment is { } name && AzureEnvironment.Find(name) is { } named ? named : environment.Environment,
            RoleSettling = GoDuration.TryParse(access.RoleSettling ?? Environment.GetEnvironmentVariable("BYOK_AZURE_ROLE_SETTLING"), out var settling) ? settling : environment.RoleSettling,
        };
    }
}
