using System.Collections.Concurrent;
using Amazon;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.SecurityToken;

namespace Cloud.Aws.Calling;

/// <summary>The SDK's clients, one per service and region, all with the same credentials.
/// Retries are <see cref="AwsCall"/>'s.</summary>
internal sealed class AwsClients : IDisposable
{
    private readonly AwsOptions options;
    private readonly Action? leave;
    private readonly ConcurrentBag<WireFactory> transports = [];
    private readonly ConcurrentDictionary<string, Lazy<AmazonKeyManagementServiceClient>> kms =
        new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<AmazonS3Client>> s3 = new(StringComparer.Ordinal);
    private readonly Lazy<AmazonSecurityTokenServiceClient> sts;
    private readonly Lazy<AWSCredentials> credentials;

    /// <param name="options">How AWS is reached.</param>
    /// <param name="leave">Asked whenever bytes of any request are about to go out; throws where they must not.</param>
    public AwsClients(AwsOptions options, Action? leave)
    {
        (this.options, this.leave) = (options, leave);
        credentials = new(() => Credentials());
        sts = new(() => new(credentials.Value, StsConfig()));
    }

    public IAmazonSecurityTokenService Sts => sts.Value;

    public IAmazonKeyManagementService Kms(string region) => kms.GetOrAdd(
        region,
        name =>
            new(() =>
                new(credentials.Value,
                    Configured(new AmazonKeyManagementServiceConfig(), "kms", name, options.KmsEndpoint)))).Value;

    public IAmazonS3 S3(string region) =>
        s3.GetOrAdd(region, name => new(() => new(credentials.Value, S3Config(name)))).Value;

    public void Dispose()
    {
        foreach (var client in kms.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }

        foreach (var client in s3.Values.Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }

        if (sts.IsValueCreated)
        {
            sts.Value.Dispose();
        }

        foreach (var transport in transports)
        {
            transport.Dispose();
        }
    }

    private AmazonS3Config S3Config(string region) => Configured(
        new AmazonS3Config
        {
            ForcePathStyle = options.S3Endpoint is not null,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        },
        "s3",
        region,
        options.S3Endpoint);

    private AmazonSecurityTokenServiceConfig StsConfig() =>
        Configured(new AmazonSecurityTokenServiceConfig(), "sts", options.HomeRegion, options.StsEndpoint);

    private T Configured<T>(T config, string service, string region, string? endpoint)
        where T : ClientConfig
    {
        config.MaxErrorRetry = 0;

        // Counted apart from those above, and done unasked when a connection is reset:
        // also after the request took effect.
        config.MaxStaleConnectionRetries = 0;
        config.RetryMode = RequestRetryMode.Standard;
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = region;
        }

        var transport = new WireFactory(AwsHosts.Of(service, region, endpoint), options.Transport, leave);
        transports.Add(transport);
        config.HttpClientFactory = transport;
        return config;
    }

    private AWSCredentials Credentials()
    {
        var own = options.AccessKey is { } given
            ? new BasicAWSCredentials(given.Id, given.Secret)
            : DefaultAWSCredentialsIdentityResolver.GetCredentials();
        return options.AssumeRoleArn is null
            ? own
            : new StsRoleCredentials(new AmazonSecurityTokenServiceClient(own, StsConfig()), options);
    }
}
