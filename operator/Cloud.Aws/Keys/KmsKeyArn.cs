using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Cloud.Aws.Keys;

/// <summary>
/// The full ARN of one KMS key: the only spelling of a key that means the same in the tenant's account and in ours.
/// </summary>
public sealed partial record KmsKeyArn(string Partition, string Region, string Account, string KeyId)
{
    public bool IsMultiRegion => KeyId.StartsWith("mrk-", StringComparison.Ordinal);

    public static bool TryParse(
        string? text, [NotNullWhen(true)] out KmsKeyArn? key, [NotNullWhen(false)] out string? problem) =>
        TryParse(text, expectedRegion: null, out key, out problem);

    /// <param name="text">What the user wrote.</param>
    /// <param name="expectedRegion">The region the key must be in; null where any will do.</param>
    /// <param name="key">The key, when this returns true.</param>
    /// <param name="problem">What is wrong and what to write instead, when this returns false.</param>
    public static bool TryParse(
        string? text,
        string? expectedRegion,
        [NotNullWhen(true)] out KmsKeyArn? key,
        [NotNullWhen(false)] out string? problem)
    {
        key = null;
        problem = Look(text, out var arn);
        if (problem is not null)
        {
            return false;
        }

        var found = new KmsKeyArn(arn!.Partition, arn.Region, arn.Account, arn.Resource["key/".Length..]);
        problem = expectedRegion is null ? null : Place(found, expectedRegion);
        key = problem is null ? found : null;
        return key is not null;
    }

    public override string ToString() => $"arn:{Partition}:kms:{Region}:{Account}:key/{KeyId}";

    private static string? Look(string? text, out AwsArn? arn)
    {
        const string Wanted =
            "write the key's full ARN, such as "
                + "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        arn = null;
        if (string.IsNullOrEmpty(text))
        {
            return $"the key is empty; {Wanted}";
        }

        if (text.StartsWith("alias/", StringComparison.Ordinal))
        {
            return $"'{text}' is an alias, which means another key in another account; {Wanted}";
        }

        if (BareId().IsMatch(text))
        {
            return $"'{text}' is a key id without account and region; {Wanted}";
        }

        if (!AwsArn.TryParse(text, out arn))
        {
            return $"'{text}' is not an ARN; {Wanted}";
        }

        return LookInside(text, arn, Wanted);
    }

    private static string? LookInside(string text, AwsArn arn, string wanted)
    {
        if (AwsPartition.Find(arn.Partition) is not { } partition)
        {
            return $"'{text}' names the partition '{arn.Partition}'; aws, aws-us-gov, aws-cn and aws-eusc are "
                + "supported";
        }

        if (arn.Service != "kms")
        {
            return $"'{text}' is an ARN of {arn.Service}, not of a KMS key; {wanted}";
        }

        if (arn.Resource.StartsWith("alias/", StringComparison.Ordinal))
        {
            return $"'{text}' is an alias, which its owner can point to another key at any time; {wanted}";
        }

        if (!RegionName().IsMatch(arn.Region))
        {
            return $"'{text}' has no valid region; {wanted}";
        }

        if (AwsPartition.OfRegion(arn.Region) != partition)
        {
            return $"'{text}' names the partition '{arn.Partition}', but {arn.Region} is in "
                + $"'{AwsPartition.OfRegion(arn.Region).Id}'";
        }

        if (!arn.HasAccount)
        {
            return $"'{text}' has no account of twelve digits; {wanted}";
        }

        return KeyResource().IsMatch(arn.Resource) ? null : $"'{text}' does not end in key/ and a key id; {wanted}";
    }

    private static string? Place(KmsKeyArn key, string region)
    {
        var partition = AwsPartition.OfRegion(region).Id;
        if (key.Partition != partition)
        {
            return $"'{key}' is in the partition '{key.Partition}', but {region} is in '{partition}'; a key can't be "
                + "used across partitions";
        }

        return key.Region == region
            ? null
            : $"'{key}' is in {key.Region}, but {region} is asked for; a store needs a key of its own region";
    }

    [GeneratedRegex(@"^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex BareId();

    [GeneratedRegex(@"^key/(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex KeyResource();

    [GeneratedRegex(@"^[a-z]{2,}(?:-[a-z]+)+-[0-9]{1,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionName();
}
