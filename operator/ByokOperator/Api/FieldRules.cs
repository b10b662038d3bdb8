using System.Text.RegularExpressions;

namespace ByokOperator.Api;

/// <summary>Rules about one field, shared by both kinds. The sentences are those of crds/, word for word;
/// a test compares them.</summary>
internal static partial class FieldRules
{
    /// <summary>Names of child objects and label values are made from an object's name;
    /// a label value holds 63 characters.</summary>
    public const int MaxNameLength = 63;

    /// <summary>S3 allows 1,024 bytes for a whole key; the objects below need room too.</summary>
    public const int MaxPrefixLength = 256;

    /// <summary>Nine decimals and an offset.</summary>
    private const int MaxTimeLength = 35;

    private static readonly string[] ReservedBeginnings = ["xn--", "sthree-", "amzn-s3-demo-"];

    private static readonly string[] ReservedEndings = ["-s3alias", "--ol-s3", "--x-s3", "--table-s3"];

    public static IEnumerable<Violation> Name(string name)
    {
        if (name.Length > MaxNameLength)
        {
            yield return new("metadata.name",
                "metadata.name must be at most 63 characters long: names of child objects are made from it");
        }
    }

    public static IEnumerable<Violation> Region(string field, string region)
    {
        if (!RegionShape().IsMatch(region))
        {
            yield return new(field, "not the name of an AWS region: write one such as eu-west-1");
        }
    }

    public static IEnumerable<Violation> OneOf(string field, string value, params ReadOnlySpan<string> allowed) =>
        allowed.Contains(value) ? [] : [new(field, $"not a known value: write one of {string.Join(", ", allowed)}")];

    public static IEnumerable<Violation> Duration(
        string field, string value, TimeSpan least, TimeSpan most, string message)
    {
        if (!GoDuration.TryParse(value, out var duration) || duration < least || duration > most)
        {
            yield return new(field, message);
        }
    }

    /// <summary>A field left out is in order.</summary>
    public static IEnumerable<Violation> Time(string field, string? text)
    {
        if (text is not null && (text.Length > MaxTimeLength || !TimeShape().IsMatch(text)))
        {
            yield return new(field,
                "not a time: write one such as 2027-01-31T00:00:00Z, a day that the calendar has, of this century");
        }
    }

    public static IEnumerable<Violation> Id(string field, string id, string message)
    {
        if (!IdShape().IsMatch(id))
        {
            yield return new(field, message);
        }
    }

    /// <summary>A bucket of the operator's making.</summary>
    public static IEnumerable<Violation> OwnBucket(string field, string name)
    {
        if (name.Length is < 3 or > 63 || !OwnBucketShape().IsMatch(name))
        {
            yield return new(field,
                "not a bucket name: write 3 to 63 lower-case letters, digits and hyphens, a letter or digit at both "
                    + "ends (dots break TLS)");
        }

        if (ReservedBeginnings.Any(part => name.StartsWith(part, StringComparison.Ordinal))
            || ReservedEndings.Any(part => name.EndsWith(part, StringComparison.Ordinal)))
        {
            yield return new(field,
                "S3 keeps this name for itself (xn--, sthree-, amzn-s3-demo- in front; -s3alias, --ol-s3, --x-s3, "
                    + "--table-s3 behind): choose another");
        }

        if (DerivedNames.IsDerived(name))
        {
            yield return new(field,
                "buckets byok-<12 hex digits>-... are named by the operator, and keys' policies go by that: choose "
                    + "another, or leave it out");
        }
    }

    /// <summary>A bucket that stands already, so with the older, wider rules.</summary>
    public static IEnumerable<Violation> SharedBucket(string field, string name)
    {
        if (name.Length is < 3 or > 63 || !SharedBucketShape().IsMatch(name))
        {
            yield return new(field,
                "not a bucket name: write the shared bucket's name, without s3:// and without a path");
        }
    }

    public static IEnumerable<Violation> Prefix(string field, string prefix)
    {
        if (prefix.Length > MaxPrefixLength)
        {
            yield return new(field, "the prefix must be at most 256 characters long: shorten it");
        }

        if (!prefix.EndsWith('/'))
        {
            yield return new(field,
                "the prefix must end in a slash, or it would take neighbours along (acme takes acme2): write acme/");
        }

        if (prefix.StartsWith('/'))
        {
            yield return new(field, "the prefix must not begin with a slash, names in a store do not: write acme/");
        }

        if (prefix.StartsWith(".byok/", StringComparison.Ordinal))
        {
            yield return new(field, "the operator keeps its own records under .byok/: choose another prefix");
        }

        if (prefix.Split('/').Any(part => part is "." or ".."))
        {
            yield return new(field,
                "the prefix must not contain . or .. as a part, clients resolve them as paths: write it out");
        }

        if (prefix.Any(character => character is '*' or '?' or '$' or '"' or '\\' or < ' ' or '\x7f'))
        {
            yield return new(field,
                "the prefix must not contain *, ?, $, a quote, a backslash or a control character: a policy would "
                    + "read them as wildcards");
        }
    }

    /// <summary>Whether anything could lie under both.</summary>
    public static bool Overlap(string prefix, string other) =>
        prefix.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(prefix, StringComparison.Ordinal);

    [GeneratedRegex(@"^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}\z")]
    private static partial Regex RegionShape();

    [GeneratedRegex(
        @"^20([0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([02468][048]|[13579][26])-02-29)[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?([Zz]|[+-](0[0-9]|1[0-3]):[0-5][0-9])\z")]
    private static partial Regex TimeShape();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex IdShape();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]*[a-z0-9]\z")]
    private static partial Regex OwnBucketShape();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]*[a-z0-9]\z")]
    private static partial Regex SharedBucketShape();
}

/// <summary>What a person has to change: the field as kubectl spells it, and what to write instead.</summary>
internal sealed record Violation(string Field, string Message)
{
    public override string ToString() => $"{Field}: {Message}";
}
