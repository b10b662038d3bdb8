using Cloud.Aws;
using Cloud.Azure;

namespace ByokOperator.Hosting;

/// <summary>The clouds of one process, each made once: their limiters count on being alone.</summary>
internal sealed class Clouds(AwsCloud aws, AzureCloud? azure) : IDisposable
{
    public CloudPorts Ports { get; } = CloudPorts.Of(aws, azure);

    public void Dispose()
    {
        azure?.Dispose();
        aws.Dispose();
    }
}
