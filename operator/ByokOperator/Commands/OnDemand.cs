using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Reencrypting;
using Cloud.Objects;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Commands;

/// <summary>What some commands need and others don't: made when it is asked for,
/// and with it whatever can be wrong about it.</summary>
internal sealed class OnDemand : ILoggerFactory
{
    private readonly Lazy<ILoggerFactory> logs = new(Launch.Logs);
    private readonly Lazy<Clouds> clouds;

    public OnDemand() => clouds = new(() =>
    {
        BadInputException.ThrowIfAny(CloudVariables.Violations(Environment.GetEnvironmentVariable));
        return Launch.Clouds(new AwsAccess(), new AzureAccess(), logs.Value);
    });

    /// <summary>The data plane of the clouds that the environment names.</summary>
    public IObjectData Objects => clouds.Value.Ports.Objects;

    public ReencryptionPorts Reencryption => new(clouds.Value.Ports.Objects, clouds.Value.Ports.Encryption);

    public ILogger CreateLogger(string categoryName) => logs.Value.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => logs.Value.AddProvider(provider);

    public void Dispose()
    {
        if (clouds.IsValueCreated)
        {
            clouds.Value.Dispose();
        }

        if (logs.IsValueCreated)
        {
            logs.Value.Dispose();
        }
    }
}
