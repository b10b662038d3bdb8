using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using LocalCloud.Admin;
using Xunit;

namespace LocalCloud.Tests;

/// <summary>One cloud for a test class; its tests keep apart by names of their own.</summary>
public sealed class CloudFixture : IAsyncLifetime
{
    public const string Region = "eu-west-1";

    private readonly List<IDisposable> clients = [];
    private int names;

    public LocalCloudServer Server { get; private set; } = null!;

    public LocalCloudAdmin Admin => Server.Admin;

    public IAmazonS3 OperatorS3 { get; private set; } = null!;

    public IAmazonKeyManagementService OperatorKms { get; private set; } = null!;

    public IAmazonKeyManagementService TenantKms { get; private set; } = null!;

    public static BasicAWSCredentials Operator { get; } =
        new(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);

    public static BasicAWSCredentials Tenant { get; } =
        new(LocalCloudAccounts.TenantAdminAccessKey, LocalCloudAccounts.TenantAdminSecret);

    public static BasicAWSCredentials Workload { get; } =
        new(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret);

    public async ValueTask InitializeAsync()
    {
        Server = await LocalCloudServer.StartAsync();
        OperatorS3 = S3(Operator);
        OperatorKms = Kms(Operator);
        TenantKms = Kms(Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await Server.DisposeAsync();
    }

    public IAmazonS3 S3(AWSCredentials credentials, string region = Region, int retries = 0) =>
        Keep(new AmazonS3Client(credentials, new AmazonS3Config
        {
            ServiceURL = Server.Url.ToString(),
            AuthenticationRegion = region,
            ForcePathStyle = true,
            MaxErrorRetry = retries,
        }));

    public IAmazonKeyManagementService Kms(AWSCredentials credentials, string region = Region, int retries = 0) =>
        Keep(new AmazonKeyManagementServiceClient(credentials, new AmazonKeyManagementServiceConfig
        {
            ServiceURL = Server.Url.ToString(),
            AuthenticationRegion = region,
            MaxErrorRetry = retries,
        }));

    public IAmazonSecurityTokenService Sts(AWSCredentials credentials) =>
        Keep(new AmazonSecurityTokenServiceClient(credentials, new AmazonSecurityTokenServiceConfig
        {
            ServiceURL = Server.Url.ToString(),
            AuthenticationRegion = Region,
            MaxErrorRetry = 0,
        }));

    /// <summary>A name that no other test of this cloud uses.</summary>
    public string Name(string stem) => $"{stem}-{Interlocked.Increment(ref names)}";

    public async Task<string> NewBucket(string stem = "bucket")
    {
        var name = Name(stem);
        await OperatorS3.PutBucketAsync(
            new Amazon.S3.Model.PutBucketRequest { BucketName = name, BucketRegionName = Region });
        return name;
    }

    /// <summary>A key of the tenant's whose policy lets the operator's role use it.</summary>
    public string NewTenantKey(string region = Region) => Admin.CreateKey(LocalCloudAccounts.Tenant, region, $$"""
        {"Version":"2012-10-17","Statement":[
          {"Sid":"Own","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{LocalCloudAccounts.Tenant}}:root"},"Action":"kms:*","Resource":"*"},
          {"Sid":"Use","Effect":"Allow","Principal":{"AWS":"{{LocalCloudAccounts.OperatorRole}}"},
           "Action":["kms:DescribeKey","kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*"],"Resource":"*"}]}
        """);

    private T Keep<T>(T client)
        where T : IDisposable
    {
        clients.Add(client);
        return client;
    }
}
