using ByokOperator.Api;
using ByokOperator.Cluster;
using Cloud.Aws;
using Cloud.Azure;
using Kube.Client;
using Kube.Core;
using Kube.Runtime.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace ByokOperator.Hosting;

/// <summary>Runs the hosts of the commands that stay, and makes the real clients.</summary>
internal static class Launch
{
    private const string LevelVariable = "BYOK_LOG_LEVEL";

    /// <summary>Runs a host until it is told to stop or a part of it ends; the process's exit code.</summary>
    /// <param name="add">What it is the host of.</param>
    /// <param name="cancellation">Asks for the end.</param>
    /// <exception cref="BadInputException">Options, or the kubeconfig that they name, are not sound.</exception>
    public static async Task<int> HostAsync(Action<WebApplicationBuilder> add, CancellationToken cancellation)
    {
        using var traces = Telemetry.Traces(Environment.GetEnvironmentVariable);

        // The command line has said everything: no file, and no variable of the framework's, configures a host.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        Write(builder.Logging.ClearProviders(), LevelOfLogs());
        add(builder);
        try
        {
            await using var app = builder.Build();
            return await app.MapKubernetesOperator().RunManagerAsync(cancellation);
        }
        catch (OptionsValidationException wrong)
        {
            throw new BadInputException(string.Join("; ", wrong.Failures));
        }
        catch (KubeConfigException wrong)
        {
            throw new BadInputException(wrong.Message);
        }
        catch (Exception failed) when (failed is KubeException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"byok-operator: the API server can't be asked: {failed.Message}");
            return ExitCodes.Failed;
        }
    }

    /// <exception cref="KubeConfigException">What is configured can't be meant.</exception>
    public static KubeClient Client(string? kubeconfig, string? context)
    {
        var connection = kubeconfig is null && KubeConfig.IsInCluster
            ? KubeConfig.InCluster()
            : KubeConfig.Load(kubeconfig, context);
        return new KubeClient(connection, ClientOptions, TimeProvider.System, new RequestMeter(TimeProvider.System));
    }

    /// <summary>Of every client of ours: the API server's log tells who asks.</summary>
    public static KubeClientOptions ClientOptions => new() { UserAgent = $"byok-operator/{OperatorVersion.Current}" };

    public static ILoggerFactory Logs()
    {
        var level = LevelOfLogs();
        return LoggerFactory.Create(builder => Write(builder, level));
    }

    private static void Write(ILoggingBuilder builder, LogLevel level)
    {
        builder.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(TimeProvider.System));
        builder
            .SetMinimumLevel(level)
            .AddFilter("Microsoft", LogLevel.None) // a probe every few seconds is not news, and what fails is told once
            .Configure(lines => lines.ActivityTrackingOptions = ActivityTrackingOptions.None) // their scopes are ours
            .AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
    }

    private static LogLevel LevelOfLogs() => Level(CommandLine.Env(LevelVariable));

    private static LogLevel Level(string? text) => text is null ? LogLevel.Information
        : Enum.GetNames<LogLevel>()
            .FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
                ? Enum.Parse<LogLevel>(name)
        : throw new BadInputException(
            $"{LevelVariable} is '{text}': give {string.Join(", ", Enum.GetNames<LogLevel>())}");

    /// <summary>Flags win over the environment.</summary>
    public static Clouds Clouds(AwsAccess aws, AzureAccess azure, ILoggerFactory logs, Action? leave = null) =>
        new Clouds(
            AwsCloud.Create(AwsOptionsOf(aws), TimeProvider.System, logs, leave),
            AzureOptionsOf(azure) is { IsConfigured: true } options
                ? AzureCloud.Create(options, TimeProvider.System, logs, leave) : null);

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
            Environment = access.Environment is { } name && AzureEnvironment.Find(name) is { } named ? named
                : environment.Environment,
            RoleSettling = GoDuration.TryParse(access.RoleSettling
                ?? Environment.GetEnvironmentVariable("BYOK_AZURE_ROLE_SETTLING"), out var settling) ? settling
                    : environment.RoleSettling,
        };
    }
}
