using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using Cloud;
using Cloud.Stores;

namespace ByokOperator.Tests.Reports;

/// <summary>A store as it should be after its migration, to be spoilt one thing at a time.</summary>
internal static class ReportInputs
{
    public const string KeyId = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";

    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly StoreDescription Target = new(
        StoreOwnership.Ours, [], IsDenied: false, KeyId,
        new Dictionary<string, string> { ["versioning"] = "Enabled", ["encryption"] = "aws:kms" },
        [new("s3:GetBucketEncryption", Noon.AddSeconds(-2), "Ok", "R2")]);

    public static readonly SharedDescription Source = new(
        Exists: true, IsVersioned: true, IsEmpty: true, Fence: null, UnfinishedUploads: 0,
        [new("s3:ListObjectVersions", Noon.AddSeconds(-1), "Ok", "R3")]);

    public static readonly ReportInput Fine = new()
    {
        Store = new() { Metadata = new() { Namespace = "acme", Name = "backups", Uid = "u-1", Generation = 3 } },
        Link = new("0123456789abcdef", 2) { Previous = new string('b', 64) },
        Key = new()
        {
            Name = "acme-2026", State = "Active", Verdict = "Usable", Reason = "Proved", MaterialId = "m-1",
            LastVerifiedTime = Noon,
            ProbeInterval = "30s", MaxStaleness = "15m",
        },
        Expected = new()
        {
            KeyId = KeyId, Region = "eu-west-1", Bucket = "byok-u-1", BucketKey = false, Availability = "Open",
            SharedBucket = "platform-backups", SharedPrefix = "acme/", SourceRetired = true, DeletionPolicy = "Retain",
        },
        Availability = "Open",
        Target = Fact.Seen(Target),
        Source = Fact.Seen<SharedDescription?>(Source),
        Census = Fact.Seen<IReadOnlyList<CensusEntry>>([new() { Key = KeyId, Objects = 5_000, Bytes = 1_000_000 }]),
        BindingStands = Fact.Seen(true),
        Receipt = Fact.Seen<ReportedReceipt?>(new(new string('a', 64), Noon, 5_000, 1_000_000)),
        Evidence = [new("kms:Decrypt", Noon.AddSeconds(-3), "Ok", "R1")],
        Now = Noon,
        OperatorVersion = "0.1.0",
    };
}
