using System.Text.RegularExpressions;

namespace ByokOperator.Api;

/// <summary>
/// The rules of crds/tenantencryptionkeys.yaml once more, in code: a server older than 1.25 keeps the schema but
/// ignores its CEL rules. Pure; empty means valid.
/// </summary>
internal static partial class KeyRules
{
    /// <summary>The word that has to be typed into <c>spec.revocation.confirm</c>.</summary>
    public const string Confirmation = "revoke";

    private const int MaxKeys = 16;
    private const string NoSource =
        "no key is named: set spec.awsKms.keys to one key ARN per region, or spec.azureKeyVault, or "
            + "spec.imported.aws.regions";
    private const string ManySources =
        "a key comes from one place: keep one of spec.awsKms, spec.azureKeyVault and spec.imported, and make another "
            + "TenantEncryptionKey for the other";

    private static readonly TimeSpan ShortestProbe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestStaleness = TimeSpan.FromHours(168);

    public static IReadOnlyList<Violation> Check(TenantEncryptionKey key) =>
    [
        .. FieldRules.Name(key.Metadata.Name),
        .. FieldRules.OneOf("spec.state", key.Spec.State, KeyStates.Standby, KeyStates.Active, KeyStates.Archived,
            KeyStates.Revoked),
        .. Revocation(key.Spec),
        .. Source(key.Spec),
        .. AzureKeyRules.Check(key.Spec.Rotation),
    ];

    /// <summary>What may not differ between two specs of one object. The earlier one is what was acted on.</summary>
    public static IReadOnlyList<Violation> CheckChange(TenantEncryptionKeySpec before, TenantEncryptionKeySpec after) =>
        !before.Sources().SequenceEqual(after.Sources())
            ?
            [
                new("spec",
                    "where the key comes from can't be changed, data stands under it: make a new TenantEncryptionKey"),
            ]
            :
            [
                .. (before.AwsKms?.Keys ?? []).SelectMany(old => Change(old, after.AwsKms?.Keys ?? [])),
                .. AzureKeyRules.CheckChange(before.AzureKeyVault, after.AzureKeyVault),
                .. ImportRules.CheckChange(before.Imported, after.Imported),
            ];

    private static IEnumerable<Violation> Revocation(TenantEncryptionKeySpec spec)
    {
        if (spec.State == KeyStates.Revoked && spec.Revocation.Confirm != Confirmation)
        {
            yield return new("spec.revocation.confirm",
                "state Revoked closes every store that uses this key: set spec.revocation.confirm to the word revoke, "
                    + "or leave the state as it was");
        }

        foreach (var violation
            in FieldRules.Duration("spec.revocation.probeInterval", spec.Revocation.ProbeInterval, ShortestProbe,
                LongestProbe, "probeInterval must be from 1s to 1h, such as 30s")
                .Concat(
                    FieldRules.Duration("spec.revocation.maxStaleness", spec.Revocation.MaxStaleness, ShortestProbe,
                        LongestStaleness, "maxStaleness must be from 1s to 168h, such as 15m")))
        {
            yield return violation;
        }

        if (GoDuration.TryParse(spec.Revocation.ProbeInterval, out var probe)
            && GoDuration.TryParse(spec.Revocation.MaxStaleness, out var staleness) && staleness < probe)
        {
            yield return new("spec.revocation",
                "maxStaleness must not be shorter than probeInterval, or one late probe would close every store: make "
                    + "it longer");
        }
    }

    private static IEnumerable<Violation> Source(TenantEncryptionKeySpec spec) => spec switch
    {
        _ when spec.Sources().Count > 1 => [new("spec", ManySources)],
        { AwsKms: { } source } => Source(source),
        { AzureKeyVault: { } source } => AzureKeyRules.Check(source),
        { Imported: { } source } => ImportRules.Check(source),
        _ => [new("spec", NoSource)],
    };

    private static IEnumerable<Violation> Source(AwsKmsSource source)
    {
        if (source.Keys.Count is 0 or > MaxKeys)
        {
            return
            [
                new("spec.awsKms.keys",
                    "from 1 to 16 keys can stand here, one per region: add one, or make another TenantEncryptionKey"),
            ];
        }

        return source.Keys.Select((key, index) => Entry($"spec.awsKms.keys[{index}]", key)).SelectMany(found => found)
            .Concat(source.Keys.GroupBy(key => key.Region).Where(group => group.Count() > 1)
                .Select(group =>
                    new Violation("spec.awsKms.keys", $"region {group.Key} stands twice: keep one entry per region")));
    }

    public static IEnumerable<Violation> Entry(string field, AwsKmsKey key)
    {
        foreach (var violation in FieldRules.Region($"{field}.region", key.Region))
        {
            yield return violation;
        }

        if (key.Arn.Contains(":alias/", StringComparison.Ordinal))
        {
            yield return new($"{field}.arn",
                "an alias can't stand here, it would be looked up in the operator's own account: write the key's ARN, "
                    + "arn:aws:kms:REGION:ACCOUNT:key/ID");
            yield break;
        }

        if (ArnShape().Match(key.Arn) is not { Success: true } arn)
        {
            yield return new($"{field}.arn",
                "not the ARN of a KMS key: write arn:aws:kms:REGION:ACCOUNT:key/ID (partition aws, aws-us-gov, aws-cn "
                    + "or aws-eusc)");
            yield break;
        }

        if (arn.Groups["region"].Value != key.Region)
        {
            yield return new(field,
                "the ARN is of another region than the entry: write the ARN of this region's key, or the ARN's region");
        }

        if (arn.Groups["partition"].Value != PartitionOf(key.Region))
        {
            yield return new(field,
                "the ARN is of another partition than the region: cn-* goes with aws-cn, us-gov-* with aws-us-gov, "
                    + "eusc-* with aws-eusc, every other region with aws");
        }
    }

    private static IEnumerable<Violation> Change(AwsKmsKey old, IReadOnlyList<AwsKmsKey> keys)
    {
        if (keys.FirstOrDefault(key => key.Region == old.Region) is not { } key)
        {
            yield return new("spec.awsKms.keys",
                "a region's key can't be taken away while the object stands: make a new TenantEncryptionKey");
        }
        else if (key.Arn != old.Arn)
        {
            yield return new("spec.awsKms.keys",
                "another ARN is another key, and data stands under this one: make a new TenantEncryptionKey");
        }
    }

    private static string PartitionOf(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : region.StartsWith("eusc-", StringComparison.Ordinal) ? "aws-eusc"
        : "aws";

    [GeneratedRegex(
        @"^arn:(?<partition>aws|aws-us-gov|aws-cn|aws-eusc):kms:(?<region>[a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]+\z")]
    private static partial Regex ArnShape();
}
