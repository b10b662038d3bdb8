using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>A bucket of ours as it was seen, and in what it differs from its spec.
/// Only what we own is compared.</summary>
internal sealed record BucketFacts(
    ServerSideEncryptionRule? Encryption,
    PublicAccessBlockConfiguration? PublicAccess,
    OwnershipControls? Ownership,
    VersionStatus? Versioning,
    BucketPolicy Policy)
{
    public const string EncryptionDrift = "Encryption";
    public const string PublicAccessDrift = "PublicAccessBlock";
    public const string OwnershipDrift = "OwnershipControls";
    public const string VersioningDrift = "Versioning";
    public const string PolicyDrift = "Policy";

    /// <summary>A bucket just made with its ownership set: nothing else has been.</summary>
    public static BucketFacts Fresh { get; } = new(null, null, Enforced, null, BucketPolicy.Empty);

    public static OwnershipControls Enforced =>
        new() { Rules = [new OwnershipControlsRule { ObjectOwnership = ObjectOwnership.BucketOwnerEnforced }] };

    public string? KeyId => Encryption?.ServerSideEncryptionByDefault is { } byDefault
        && byDefault.ServerSideEncryptionAlgorithm == ServerSideEncryptionMethod.AWSKMS
            ? byDefault.ServerSideEncryptionKeyManagementServiceKeyId
            : null;

    public IReadOnlyList<string> Drift(StoreSpec spec, StorePolicyForms words)
    {
        var drift = new List<string>();
        AddUnless(KeyId == spec.Key.Id && (Encryption?.BucketKeyEnabled ?? false) == spec.BucketKey, EncryptionDrift);
        AddUnless(
            PublicAccess is { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true,
                RestrictPublicBuckets: true },
            PublicAccessDrift);
        AddUnless(Ownership?.Rules?.Exists(rule => rule.ObjectOwnership == ObjectOwnership.BucketOwnerEnforced) is true,
            OwnershipDrift);

        // A versioned bucket can't be unversioned, and keeping more than asked for is no drift.
        AddUnless(!spec.Versioned || Versioning == VersionStatus.Enabled, VersioningDrift);
        AddUnless(words.Standing.All(Policy.Holds), PolicyDrift);
        return drift;

        void AddUnless(bool holds, string aspect)
        {
            if (!holds)
            {
                drift.Add(aspect);
            }
        }
    }

    public IReadOnlyDictionary<string, string> Observed() => new Dictionary<string, string>
    {
        ["encryption"] = Encryption?.ServerSideEncryptionByDefault?.ServerSideEncryptionAlgorithm?.Value ?? "none",
        ["key"] = Encryption?.ServerSideEncryptionByDefault?.ServerSideEncryptionKeyManagementServiceKeyId ?? "none",
        ["bucketKey"] = (Encryption?.BucketKeyEnabled ?? false) ? "On" : "Off",
        ["publicAccess"] = PublicAccess is { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true,
            RestrictPublicBuckets: true }
            ? "Blocked"
            : "NotBlocked",
        ["objectOwnership"] = Ownership?.Rules?.FirstOrDefault()?.ObjectOwnership?.Value ?? "none",
        ["versioning"] = Versioning?.Value ?? "Off",
        ["policySids"] = string.Join(' ', Policy.Sids.Order(StringComparer.Ordinal)),
    };
}

/// <summary>The statements that belong on one store's policy, as this caller writes them.</summary>
internal sealed record StorePolicyForms(IReadOnlyList<JsonObject> Standing, JsonObject Closed)
{
    public static StorePolicyForms For(StoreSpec spec, AwsCaller caller, bool tlsOnly) => new(
        StoreStatements.Standing(caller.Partition, spec.Store.Name, [spec.Key.Id, .. spec.Admits.Select(key => key.Id)],
            tlsOnly, caller.Patterns),
        StoreStatements.Closed(caller.Partition, spec.Store.Name, caller.Patterns));
}
