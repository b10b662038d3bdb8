using Cloud.Aws.Calling;
using Cloud.Aws.Keys;
using Cloud.Aws.Objects;
using Cloud.Aws.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Microsoft.Extensions.Logging;

namespace Cloud.Aws;

/// <summary>AWS behind the ports. One per process and account:
/// its limiters and its policy writer count on being alone.</summary>
public sealed class AwsCloud : IDisposable
{
    private readonly AwsClients clients;
    private readonly AwsIdentity identity;
    private readonly BucketPolicies bucketPolicies;

    private AwsCloud(AwsOptions options, TimeProvider time, ILoggerFactory logging, Action? leave)
    {
        clients = new AwsClients(options, leave);
        var call = new AwsCall(new AwsLimiters(options.Rates, time), time, logging.CreateLogger<AwsCall>(), leave);
        identity = new AwsIdentity(options, clients, call);

        var kms = new KmsCalls(clients, call);
        Keys = new KmsTenantKeys(kms,
            new KeyProbe(kms, new ControlProbe(kms, options.ControlKeys), new MissingActions(kms), identity), identity);
        ImportedKeys = new KmsImportedKeys(new ImportCalls(clients, call), identity);
        Policies = new AwsKeyPolicies(identity);

        var site = new S3Site(clients, call, identity, options);
        bucketPolicies = new BucketPolicies(site);
        var look = new BucketLook(site, bucketPolicies);
        Stores = new S3ObjectStores(site, look, new BucketProvisioner(site, look),
            new SharedStores(site, look, bucketPolicies), bucketPolicies);
        Objects = new S3ObjectData(site, new S3Copier(site, new S3PartCopier(site), new KeyGuard(site)));
        ObjectEncryption = new S3ObjectEncryption(site);
    }

    public ITenantKeys Keys { get; }

    public IImportedKeys ImportedKeys { get; }

    public IObjectStores Stores { get; }

    public IObjectData Objects { get; }

    public IObjectEncryption ObjectEncryption { get; }

    public IKeyPolicies Policies { get; }

    /// <summary>Makes no call. Credentials and identity are looked for when they are first needed.</summary>
    /// <param name="options">How AWS is reached.</param>
    /// <param name="time">For bounds and pauses.</param>
    /// <param name="logging">Where failures are told.</param>
    /// <param name="leave">
    /// Asked right before each attempt of each call that changes something: what it throws reaches the caller as it is.
    /// Asked once more whenever bytes of any call are about to go out, as late as can be. Null: always.
    /// </param>
    public static AwsCloud Create(
        AwsOptions options, TimeProvider time, ILoggerFactory logging, Action? leave = null) =>
            new(options, time, logging, leave);

    public void Dispose()
    {
        bucketPolicies.Dispose();
        identity.Dispose();
        clients.Dispose();
    }
}
