using System.Net.Http.Json;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.S3;
using Cloud.Aws;
using Cloud.Keys;
using LocalCloud;
using LocalCloud.Admin;
using LocalCloud.Azure.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks;

/// <summary>LocalCloud in a process of its own, so that its work is not counted as ours.</summary>
internal sealed class CloudProcess : IAsyncDisposable
{
    public const string Region = "eu-west-1";

    private readonly Child child;
    private readonly HttpClient admin;

    private CloudProcess(Child child, string url)
    {
        this.child = child;
        Url = url;
        admin = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(10) };
    }

    public string Url { get; }

    public TimeSpan Cpu => child.Cpu;

    /// <summary>What any AWS client of another process needs to come here as the operator.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["AWS_ENDPOINT_URL"] = Url,
        ["AWS_ENDPOINT_URL_S3"] = Url,
        ["AWS_ENDPOINT_URL_KMS"] = Url,
        ["AWS_ENDPOINT_URL_STS"] = Url,
        ["AWS_REGION"] = Region,
        ["AWS_ACCESS_KEY_ID"] = LocalCloudAccounts.OperatorAccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = LocalCloudAccounts.OperatorSecret,
        ["BYOK_AWS_OPERATOR_ROLE_ARN"] = LocalCloudAccounts.OperatorRole,
        ["BYOK_LOG_LEVEL"] = "Warning",
    };

    public static async Task<CloudProcess> StartAsync(CancellationToken cancellation, params string[] switches)
    {
        var file = Path.Combine(Path.GetTempPath(), $"localcloud-{Guid.NewGuid():N}");
        var child = Child.Start(Child.Beside("localcloud"), ["--urls-file", file, .. switches]);
        while (!File.Exists(file))
        {
            if (!child.IsRunning)
            {
                await child.SucceedAsync(cancellation);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }

        var url = (await File.ReadAllTextAsync(file, cancellation)).Trim();
        File.Delete(file);
        return new CloudProcess(child, url);
    }

    public AwsCloud Connect() => AwsCloud.Create(
        AwsOptions.FromEnvironment(Environment.GetValueOrDefault) with
        {
            AccessKey = new AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
        },
        TimeProvider.System,
        NullLoggerFactory.Instance);

    /// <summary>The bare SDK, configured as the operator configures it.</summary>
    public AmazonKeyManagementServiceClient Kms() => new(
        Credentials,
        new AmazonKeyManagementServiceConfig
        {
            ServiceURL = Url,
            AuthenticationRegion = Region,
            MaxErrorRetry = 0,
            RetryMode = RequestRetryMode.Standard,
        });

    public AmazonS3Client S3() => new(
        Credentials,
        new AmazonS3Config
        {
            ServiceURL = Url,
            AuthenticationRegion = Region,
            ForcePathStyle = true,
            MaxErrorRetry = 0,
            RetryMode = RequestRetryMode.Standard,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    /// <summary>A key, of the tenant's account, under the policy that the operator asks tenants for.</summary>
    public async Task<KeyRef> CreateKeyAsync(
        AwsCloud aws, string tenant, CancellationToken cancellation, string account = LocalCloudAccounts.Tenant)
    {
        var arn = (await PostAsync("keys", new AdminOrder { Account = account, Region = Region }, cancellation)).Arn!;
        var key = new KeyRef(Region, arn);
        await PostAsync("keys/policy",
            new AdminOrder
            {
                Arn = arn,
                Policy = aws.Policies.RequiredPolicy(key,
                    new KeyBinding(tenant, ["*"], new(LocalCloudAccounts.WorkloadRole, null))),
            }, cancellation);
        return key;
    }

    public Task CreateBucketAsync(string name, CancellationToken cancellation) =>
        PostAsync("buckets", new AdminOrder { Name = name, Region = Region, Account = LocalCloudAccounts.Platform },
            cancellation);

    public async Task RemoveBucketAsync(string name, CancellationToken cancellation)
    {
        using var answer = await admin.DeleteAsync($"_admin/buckets?name={name}", cancellation);
        answer.EnsureSuccessStatusCode();
    }

    public async Task RemoveContainerAsync(string account, string name, CancellationToken cancellation)
    {
        using var answer =
            await admin.DeleteAsync($"_admin/azure/containers?account={account}&container={name}", cancellation);
        answer.EnsureSuccessStatusCode();
    }

    public Task SetKeyStateAsync(string arn, string state, CancellationToken cancellation) =>
        PostAsync("keys/state", new AdminOrder { Arn = arn, State = state }, cancellation);

    public Task AddFaultAsync(FaultOrder fault, CancellationToken cancellation) =>
        PostAsync("faults", new AdminOrder { Fault = fault }, cancellation);

    public Task PutManyAsync(string bucket, string prefix, int count, int size, CancellationToken cancellation) =>
        PostAsync("many", new AdminOrder { Bucket = bucket, Prefix = prefix, Count = count, Size = size, Seed = 1 },
            cancellation);

    /// <summary>Azure's own admin, beside the one for AWS.</summary>
    public async Task<AzureReply> AzureAsync(string path, AzureOrder? order, CancellationToken cancellation)
    {
        using var response = order is null
            ? await admin.GetAsync($"_admin/azure/{path}", cancellation)
            : await admin.PostAsJsonAsync($"_admin/azure/{path}", order, AzureAdminJson.Default.AzureOrder,
                cancellation);
        var answer = (await response.Content.ReadFromJsonAsync(AzureAdminJson.Default.AzureReply, cancellation))!;
        return answer.Error is { } error
            ? throw new InvalidOperationException($"LocalCloud refused azure/{path}: {error}") : answer;
    }

    /// <summary>Answered calls so far, by service and operation.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountsAsync(CancellationToken cancellation) =>
        (await admin.GetFromJsonAsync("_admin/counts", AdminJson.Default.AdminAnswer, cancellation))!.Counts!;

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await child.DisposeAsync();
    }

    private static BasicAWSCredentials Credentials =>
        new(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);

    private async Task<AdminAnswer> PostAsync(string path, AdminOrder order, CancellationToken cancellation)
    {
        using var response =
            await admin.PostAsJsonAsync($"_admin/{path}", order, AdminJson.Default.AdminOrder, cancellation);
        var answer = (await response.Content.ReadFromJsonAsync(AdminJson.Default.AdminAnswer, cancellation))!;
        return answer.Error is { } error ? throw new InvalidOperationException($"LocalCloud refused {path}: {error}")
            : answer;
    }
}
