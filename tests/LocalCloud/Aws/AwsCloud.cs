using LocalCloud.Admin;
using LocalCloud.Aws.Iam;
using LocalCloud.Aws.Kms;
using LocalCloud.Aws.S3;
using LocalCloud.Aws.Sts;
using LocalCloud.Faults;
using LocalCloud.Storage;

namespace LocalCloud.Aws;

/// <summary>All of the AWS side, wired.</summary>
internal sealed class AwsCloud : IDisposable
{
    public AwsCloud(LocalCloudOptions options)
    {
        Options = options;
        Clock = new ShiftedClock(options.Clock);
        Log = new CallLog(options.CallLogCapacity, Clock);
        Faults = new FaultBook(Clock);
        Switches.DisableLag.Value = options.S3DisableLag;
        Switches.GrantLag.Value = options.GrantLag;
        Gate = new AwsGate(Identities, Clock, options.VerifySignatures);
        Engine = new KmsEngine(new KmsRegistry(options.Partition, Clock), Switches);
        Kms = new KmsApi(Engine);
        Segments = new SegmentStore(options.StorageFolder ?? Path.GetTempPath());
        Store = new S3Store(Clock);
        S3 = new S3Api(this);
        Sts = new StsApi(Identities, Clock);
        Seed.Into(Identities, options);
    }

    public LocalCloudOptions Options { get; }

    public ShiftedClock Clock { get; }

    public CallLog Log { get; }

    public FaultBook Faults { get; }

    public CloudSwitches Switches { get; } = new();

    public IdentityRegistry Identities { get; } = new();

    public AwsGate Gate { get; }

    public KmsEngine Engine { get; }

    public KmsApi Kms { get; }

    public SegmentStore Segments { get; }

    public S3Store Store { get; }

    public S3Api S3 { get; }

    public StsApi Sts { get; }

    public void Dispose() => Segments.Dispose();
}
