using Cloud.Aws;
using Cloud.Keys;
using LocalCloud;
using LocalCloud.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cloud.Tests.Verdicts;

/// <summary>An AWS on loopback, a control key of the platform's, and the operator with and without it.
/// Pauses take no time.</summary>
public sealed class KmsStand : IAsyncLifetime
{
    public const string Region = "eu-central-1";

    public static readonly Dictionary<string, string> Context = new() { ["byok.dev/tenant"] = "acme" };

    private readonly List<AwsCloud> clouds = [];
    private LocalCloudServer? server;

    public LocalCloudAdmin Admin => server!.Admin;

    public string ControlKey { get; private set; } = "";

    /// <summary>The operator without a control key.</summary>
    public AwsCloud Without { get; private set; } = null!;

    public AwsCloud With { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        server = await LocalCloudServer.StartAsync();
        ControlKey = Admin.CreateKey(LocalCloudAccounts.Tenant, Region);
        Without = Cloud();
        With = Cloud(new Dictionary<string, string> { [Region] = ControlKey });
        Admin.SetKeyPolicy(ControlKey, Without.Policies.RequiredPolicy(new KeyRef(Region, ControlKey)));
    }

    public async ValueTask DisposeAsync()
    {
        clouds.ForEach(cloud => cloud.Dispose());
        await server!.DisposeAsync();
    }

    public AwsCloud Cloud(IReadOnlyDictionary<string, string>? controlKeys = null, TimeProvider? time = null)
    {
        var url = server!.Url.ToString().TrimEnd('/');
        var cloud = AwsCloud.Create(
            new AwsOptions
            {
                AccessKey = new AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
                OperatorRoleArn = LocalCloudAccounts.OperatorRole,
                ControlKeys = controlKeys ?? new Dictionary<string, string>(),
                KmsEndpoint = url,
                S3Endpoint = url,
                StsEndpoint = url,
                HomeRegion = Region,
            },
            time ?? SkippingTime.OnlyPauses(),
            NullLoggerFactory.Instance);
        clouds.Add(cloud);
        return cloud;
    }

    /// <summary>A tenant's key with the policy that the operator asks for, proved once.</summary>
    public async Task<(KeyRef Key, Canary Canary)> ProvedAsync()
    {
        var arn = Admin.CreateKey(LocalCloudAccounts.Tenant, Region);
        var key = new KeyRef(Region, arn);
        Admin.SetKeyPolicy(arn, Without.Policies.RequiredPolicy(key));
        var proof = await Without.Keys.ProveAsync(key, Context, null, CancellationToken.None);
        return (key, proof.Canary ?? throw new InvalidOperationException(proof.Message));
    }
}
