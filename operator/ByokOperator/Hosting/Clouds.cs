using ByokOperator.Cluster;
using Cloud.Aws;
using Cloud.Azure;
using Cloud.Routing;

namespace ByokOperator.Hosting;

/// <summary>The clouds of one process, each made once: their limiters count on being alone.</summary>
internal sealed class Clouds(AwsCloud aws, AzureCloud? azure) : IDisposable
{
    public CloudPorts Ports { get; } = PortsOf(aws, azure);

    /// <summary>Each cloud's adapters behind the same ports. A cloud that is not set up is asked nothing,
    /// and says what to set.</summary>
    public static CloudPorts PortsOf(AwsCloud aws, AzureCloud? azure) => new(
        new RoutedTenantKeys(new(aws.Keys, azure?.Keys)),
        new RoutedImportedKeys(new(aws.ImportedKeys, azure?.ImportedKeys)),
        new RoutedKeyPolicies(new(aws.Policies, azure?.Policies)),
        new RoutedObjectStores(new(aws.Stores, azure?.Stores)),
        new RoutedObjectData(new(aws.Objects, azure?.Objects)),
        new RoutedObjectEncryption(new(aws.ObjectEncryption, azure?.ObjectEncryption)));

    public void Dispose()
    {
        azure?.Dispose();
        aws.Dispose();
    }
}
