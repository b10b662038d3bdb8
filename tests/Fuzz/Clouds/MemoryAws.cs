using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Cluster;
using ByokOperator.Hosting;
using Fuzz.Running;
using LocalCloud;
using LocalCloud.Admin;
using LocalCloud.Aws;
using Microsoft.Extensions.Logging.Abstractions;
using AwsAdapters = Cloud.Aws.AwsCloud;

namespace Fuzz.Clouds;

/// <summary>AWS in this process: the cloud that tells the truth, who asks it bare, and the operator's adapters,
/// which may be lied to.</summary>
internal sealed class MemoryAws : IDisposable
{
    public const string Region = "eu-west-1";

    private readonly AwsCloud cloud;
    private readonly AwsFrontDoor door;

    public MemoryAws()
    {
        var options = new LocalCloudOptions { VerifySignatures = false, CallLogCapacity = 10 };
        cloud = new AwsCloud(options);
        door = new AwsFrontDoor(cloud);
        Admin = new LocalCloudAdmin(cloud,
            new LocalCloud.Azure.AzureCloud(options, cloud.Clock, cloud.Log, cloud.Faults, cloud.Segments));
        Workload = Client(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret);
        Platform = Client(LocalCloudAccounts.PlatformAdminAccessKey, LocalCloudAccounts.PlatformAdminSecret);
        Operator = Client(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
    }

    public LocalCloudAdmin Admin { get; }

    /// <summary>May do anything that no resource denies it.</summary>
    public IAmazonS3 Workload { get; }

    public IAmazonS3 Platform { get; }

    /// <summary>As the operator's role, and by nobody lied to.</summary>
    public IAmazonS3 Operator { get; }

    public AwsAdapters Adapters(ManualTime time, Liar liar) => AwsAdapters.Create(
        new Cloud.Aws.AwsOptions
        {
            AccessKey =
                new Cloud.Aws.AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
            OperatorRoleArn = LocalCloudAccounts.OperatorRole,
            KmsEndpoint = "http://aws.memory",
            S3Endpoint = "http://aws.memory",
            StsEndpoint = "http://aws.memory",
            HomeRegion = Region,
            Transport = new MemoryWire(door.HandleAsync, liar),
        },
        time,
        NullLoggerFactory.Instance);

    public static CloudPorts Ports(AwsAdapters adapters) => ByokOperator.Hosting.Clouds.PortsOf(adapters, azure: null);

    /// <summary>Whether a workload is shut out of listing and reading, by the cloud's own word.</summary>
    public async Task<bool> IsShutAsync(string bucket, string key) =>
        await IsRefusedAsync(() => Workload.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket }))
        && await IsRefusedAsync(() => Workload.GetObjectAsync(bucket, key));

    public void Dispose()
    {
        Workload.Dispose();
        Platform.Dispose();
        Operator.Dispose();
        cloud.Dispose();
    }

    private static async Task<bool> IsRefusedAsync(Func<Task> act)
    {
        try
        {
            await act();
            return false;
        }
        catch (AmazonS3Exception answer)
        {
            return answer.StatusCode == HttpStatusCode.Forbidden;
        }
    }

    private AmazonS3Client Client(string key, string secret) =>
        new(new BasicAWSCredentials(key, secret), new AmazonS3Config
        {
            ServiceURL = "http://aws.memory",
            AuthenticationRegion = Region,
            ForcePathStyle = true,
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new Bare(new MemoryWire(door.HandleAsync, liar: null)),
        });

    /// <summary>Puts the wire under an SDK client and nothing else.</summary>
    private sealed class Bare(HttpMessageHandler wire) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(wire, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
