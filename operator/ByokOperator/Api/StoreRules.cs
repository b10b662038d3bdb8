using Kube.Core;

namespace ByokOperator.Api;

/// <summary>
/// The rules of crds/encryptedstores.yaml once more, in code: a server older than 1.25 keeps the schema but ignores its
/// CEL rules. Pure; empty means valid. Rules between objects: <see cref="StoreConflicts"/>.
/// </summary>
internal static class StoreRules
{
    private const int MaxParallelism = 64;
    private const int MaxLabels = 16;

    private static readonly TimeSpan ShortestReport = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestFence = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan LongestOverlap = TimeSpan.FromHours(168);
    internal static readonly TimeSpan LongestFence = TimeSpan.FromHours(24);
    private static readonly Violation[] OtherCloud =
        [new("spec",
            "the shared place must be on the store's own cloud: spec.shared.aws goes with spec.aws, spec.shared.azure "
                + "with spec.azure")];

    internal static readonly TimeSpan Year = TimeSpan.FromHours(8760);

    public static IReadOnlyList<Violation> Check(EncryptedStore store) =>
    [
        .. FieldRules.Name(store.Metadata.Name),
        .. Key(store.Spec.KeyRef, isPointer: store.Spec.Shared is not null),
        .. Place(store.Spec),
        .. Shared(store.Spec),
        .. Workloads(store.Spec.Workloads),
        .. Migration(store.Spec.Migration),
        .. WindowRules.Check(store.Spec),
        .. Planning(store.Spec),
        .. FieldRules.OneOf("spec.rotation.existingObjects", store.Spec.Rotation.ExistingObjects,
            StoreRotation.Reencrypt, StoreRotation.Keep),
        .. FieldRules.Duration("spec.rotation.overlap", store.Spec.Rotation.Overlap, TimeSpan.Zero, LongestOverlap,
            "rotation.overlap must be from 0s to 168h, such as 15m"),
        .. FieldRules.OneOf("spec.deletionPolicy", store.Spec.DeletionPolicy, DeletionPolicies.Retain,
            DeletionPolicies.Delete, DeletionPolicies.ReturnToShared),
        .. Returning(store.Spec),
        .. FieldRules.Duration("spec.report.interval", store.Spec.Report.Interval, ShortestReport, Year,
            "report.interval must be from 1m to 8760h, such as 24h"),
    ];

    private static IEnumerable<Violation> Returning(EncryptedStoreSpec spec)
    {
        if (spec.DeletionPolicy == DeletionPolicies.ReturnToShared && spec.Shared is null)
        {
            yield return new(
                "spec",
                "deletionPolicy ReturnToShared gives the data back to the shared place, and none is named: write "
                    + "Retain or Delete, or make a new EncryptedStore with spec.shared");
        }
    }

    /// <summary>What may not differ between two specs of one object. The earlier one is what was acted on. Another key
    /// is a wish, and none is another: the ladder's to judge.</summary>
    public static IReadOnlyList<Violation> CheckChange(EncryptedStoreSpec before, EncryptedStoreSpec after)
    {
        var found = new List<Violation>();
        if (before.Aws is null != after.Aws is null && before.Azure is null != after.Azure is null)
        {
            found.Add(new("spec", "a store can't move to another cloud: make a new EncryptedStore"));
        }

        if (before.Azure is not null && after.Azure is not null && before.Azure != after.Azure)
        {
            found.Add(
                new("spec.azure", "spec.azure can't be changed, the data stands there: make a new EncryptedStore"));
        }

        if (before.Aws is not null && after.Aws is not null && before.Aws.Region != after.Aws.Region)
        {
            found.Add(
                new("spec.aws.region",
                    "spec.aws.region can't be changed, the data stands there: make a new EncryptedStore"));
        }

        if (before.Aws is not null && after.Aws is not null && before.Aws.BucketName != after.Aws.BucketName)
        {
            found.Add(
                new("spec.aws.bucketName",
                    "spec.aws.bucketName can't be changed, the data stands in that bucket: make a new EncryptedStore"));
        }

        if (before.Migration.Mode == MigrationPolicy.Run && after.Migration.Mode == MigrationPolicy.Plan
            && after is { KeyRef: not null, DeletionPolicy: not DeletionPolicies.ReturnToShared })
        {
            found.Add(new("spec",
                "spec.migration.mode can't go back to Plan, the move may have begun: take spec.keyRef away or set "
                    + "spec.deletionPolicy to ReturnToShared to plan the way back, or make a new EncryptedStore to "
                    + "plan another move"));
        }

        if (before.Shared != after.Shared)
        {
            found.Add(new("spec.shared",
                "spec.shared can't be changed, the data was moved from there: make a new EncryptedStore"));
        }

        return found;
    }

    /// <summary>What the referenced key must offer this store.
    /// A key that is not there at all is the ladder's to report.</summary>
    public static IReadOnlyList<Violation> CheckKey(EncryptedStore store, TenantEncryptionKey key)
    {
        var place = StorePlace.Of(store.Spec);
        var regions = key.Spec.Regions().ToList();
        return !place.IsNamed || regions.Count == 0 || regions.Contains(place.KeyRegion, StringComparer.Ordinal) ? []
            : place.KeyRegion == StorePlace.AnyRegion
                ?
                [
                    new("spec.keyRef.name",
                        $"the key {key.Metadata.Name} is on AWS and the store on Azure: name a key with "
                            + "spec.azureKeyVault or spec.imported.azure"),
                ]
            : regions.Contains(StorePlace.AnyRegion, StringComparer.Ordinal)
                ?
                [
                    new("spec.keyRef.name",
                        $"the key {key.Metadata.Name} is on Azure and the store on AWS: name a key with spec.awsKms "
                            + "or spec.imported.aws"),
                ]
            :
            [
                new("spec.aws.region",
                    $"the key {key.Metadata.Name} has none for region {place.Region}: add an entry for it to that "
                        + $"key's {(key.Spec.Imported is null ? "spec.awsKms.keys" : "spec.imported.aws.regions")}"),
            ];
    }

    private static IEnumerable<Violation> Key(KeyReference? key, bool isPointer)
    {
        if (key is null)
        {
            if (!isPointer)
            {
                yield return new("spec",
                    "no key is named: set spec.keyRef.name to a TenantEncryptionKey of this namespace, or spec.shared "
                        + "to where the data is without one");
            }
        }
        else if (key.Name.Contains('/', StringComparison.Ordinal))
        {
            yield return new("spec.keyRef.name",
                "a key of another namespace can't be used: name a TenantEncryptionKey of this namespace, without a "
                    + "slash");
        }
        else if (key.Name.Length > FieldRules.MaxNameLength || !ObjectNames.IsName(key.Name))
        {
            yield return new("spec.keyRef.name",
                "not the name of an object: write lower-case letters, digits, dots and hyphens, at most 63");
        }
    }

    private static IEnumerable<Violation> Place(EncryptedStoreSpec spec) => (spec.Aws, spec.Azure) switch
    {
        (null, null) =>
            [new("spec", "no place is named: set spec.aws.region or spec.azure to where the store is to stand")],
        ({ }, { }) =>
            [new("spec",
                "a store stands on one cloud: keep one of spec.aws and spec.azure, and make another EncryptedStore "
                    + "for the other")],
        ({ } aws, null) => Place(aws, spec.Shared?.Aws).Concat(spec.Shared?.Azure is null ? [] : OtherCloud),
        (null, { } azure) =>
            AzureStoreRules.Place(azure, spec.Shared?.Azure).Concat(spec.Shared?.Aws is null ? [] : OtherCloud),
    };

    private static IEnumerable<Violation> Place(AwsStore aws, AwsSharedLocation? shared)
    {
        return FieldRules.Region("spec.aws.region", aws.Region)
            .Concat(aws.BucketName is { } name ? FieldRules.OwnBucket("spec.aws.bucketName", name) : [])
            .Concat(FieldRules.OneOf("spec.aws.bucketKey", aws.BucketKey, "Off", "On"))
            .Concat(aws.BucketName is { } own && own == shared?.Bucket
                ?
                [
                    new Violation("spec",
                        "the store can't be the shared bucket itself: give spec.aws.bucketName another name, or leave "
                            + "it out"),
                ]
                : []);
    }

    private static IEnumerable<Violation> Shared(EncryptedStoreSpec spec) => spec.Shared switch
    {
        null => [],
        { Aws: null, Azure: null } =>
            [new("spec.shared",
                "no shared place is named: set spec.shared.aws or spec.shared.azure, or leave spec.shared out")],
        { Azure: { } azure } when spec.Azure is not null => AzureStoreRules.Shared(azure),
        { Aws: null } => [], // of another cloud than the store, which is said already
        { Aws: { } aws } => FieldRules.SharedBucket("spec.shared.aws.bucket", aws.Bucket)
            .Concat(FieldRules.Prefix("spec.shared.aws.prefix", aws.Prefix)),
    };

    private static IEnumerable<Violation> Workloads(WorkloadPolicy? workloads)
    {
        if (workloads is null)
        {
            yield break;
        }

        if (workloads.Selector is not { } selector)
        {
            yield return new("spec.workloads",
                "no workload is named: set spec.workloads.selector.matchLabels, or leave spec.workloads out");
        }
        else if (selector.MatchLabels is not { Count: > 0 })
        {
            yield return new("spec.workloads.selector",
                "an empty selector would suspend everything in the namespace: name at least one label in matchLabels");
        }
        else if (selector.MatchLabels.Count > MaxLabels)
        {
            yield return new("spec.workloads.selector.matchLabels", "at most 16 labels: fewer will do");
        }

        foreach (var violation
            in FieldRules.OneOf("spec.workloads.duringMigration", workloads.DuringMigration, WorkloadPolicy.Online,
                WorkloadPolicy.Quiesce, WorkloadPolicy.Window))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> Planning(EncryptedStoreSpec spec) =>
        spec is { Migration.Mode: MigrationPolicy.Plan, Shared: null }
            ?
            [
                new("spec",
                    "there is nothing to plan without spec.shared: name where the data comes from, or set "
                        + "spec.migration.mode to Run"),
            ]
            : [];

    private static IEnumerable<Violation> Migration(MigrationPolicy migration) =>
        FieldRules.OneOf("spec.migration.mode", migration.Mode, MigrationPolicy.Run, MigrationPolicy.Plan)
            .Concat(FieldRules.OneOf("spec.migration.verification", migration.Verification, "Checksum", "Metadata"))
            .Concat(migration.Parallelism is >= 1 and <= MaxParallelism
                ? []
                : [new Violation("spec.migration.parallelism", "parallelism must be from 1 to 64")])
            .Concat(
                FieldRules.Duration("spec.migration.keepSourceFor", migration.KeepSourceFor, TimeSpan.Zero, Year,
                    "keepSourceFor must be from 0s to 8760h, such as 168h"))
            .Concat(
                FieldRules.Duration("spec.migration.fenceTimeout", migration.FenceTimeout, ShortestFence, LongestFence,
                    "fenceTimeout must be from 10s to 24h, such as 1h"));
}
