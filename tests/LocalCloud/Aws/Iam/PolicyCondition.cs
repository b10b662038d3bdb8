using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace LocalCloud.Aws.Iam;

/// <summary>One operator on one key. Made only for operators that are modelled:
/// a policy that we would misjudge is refused when it is put.</summary>
internal sealed class PolicyCondition
{
    private enum Quantifier
    {
        One,
        All,
        Any,
    }

    private readonly Quantifier quantifier;
    private readonly bool ifExists;
    private readonly bool negated;
    private readonly string name;
    private readonly Func<string, string, bool> test;

    private PolicyCondition(string operatorName, string key, IReadOnlyList<string> wanted)
    {
        var rest = operatorName;
        quantifier = Take(ref rest, "ForAllValues:") ? Quantifier.All : Take(ref rest, "ForAnyValue:") ? Quantifier.Any
            : Quantifier.One;
        ifExists = rest.EndsWith("IfExists", StringComparison.Ordinal);
        name = ifExists ? rest[..^"IfExists".Length] : rest;
        negated = name.Contains("Not", StringComparison.Ordinal);
        test = TestFor(name.Replace("Not", "", StringComparison.Ordinal));
        Key = key.ToLowerInvariant();
        Wanted = wanted;
    }

    /// <summary>The keys by which a statement for everybody is still not public.</summary>
    private static readonly string[] Narrowing =
    [
        "aws:principalorgid", "aws:principalarn", "aws:principalaccount", "aws:sourcearn", "aws:sourcevpc",
        "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount",
        "aws:userid", "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
    ];

    /// <summary>Narrows a statement to values that are fixed.</summary>
    public bool IsFixed => !negated && !ifExists && (name is "StringEquals" or "StringLike" or "ArnEquals" or "ArnLike")
        && quantifier != Quantifier.All && Narrowing.Contains(Key)
        && Wanted.All(value => value.AsSpan().IndexOfAny("*?$") < 0);

    public string Key { get; }

    public IReadOnlyList<string> Wanted { get; }

    /// <exception cref="FormatException">The operator is unknown or not modelled.</exception>
    public static PolicyCondition Parse(string operatorName, string key, IReadOnlyList<string> wanted) =>
        new(operatorName, key, wanted);

    public bool Holds(PolicyQuestion question)
    {
        var values = question.Find(Key);
        if (name == "Null")
        {
            return Wanted.Any(want => bool.TryParse(want, out var absent) && absent == (values.Count == 0));
        }

        if (values.Count == 0)
        {
            return ifExists || negated || quantifier == Quantifier.All;
        }

        return quantifier switch
        {
            Quantifier.All => All(values),
            Quantifier.Any => Any(values),
            _ => negated ? All(values) : Any(values),
        };
    }

    private bool Any(StringValues values)
    {
        foreach (var value in values)
        {
            if (Fits(value!))
            {
                return true;
            }
        }

        return false;
    }

    private bool All(StringValues values)
    {
        foreach (var value in values)
        {
            if (!Fits(value!))
            {
                return false;
            }
        }

        return true;
    }

    private bool Fits(string value)
    {
        foreach (var want in Wanted)
        {
            if (test(want, value))
            {
                return !negated;
            }
        }

        return negated;
    }

    private static bool Take(ref string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        text = text[prefix.Length..];
        return true;
    }

    private static Func<string, string, bool> TestFor(string name) => name switch
    {
        "StringEquals" => static (want, value) => want == value,
        "StringEqualsIgnoreCase" or "Bool" =>
            static (want, value) => string.Equals(want, value, StringComparison.OrdinalIgnoreCase),
        "StringLike" or "ArnLike" or "ArnEquals" => static (want, value) => Wildcard.Matches(want, value),
        "NumericEquals" => static (want, value) => Number(want) == Number(value),
        "NumericLessThan" => static (want, value) => Number(value) < Number(want),
        "NumericLessThanEquals" => static (want, value) => Number(value) <= Number(want),
        "NumericGreaterThan" => static (want, value) => Number(value) > Number(want),
        "NumericGreaterThanEquals" => static (want, value) => Number(value) >= Number(want),
        "Null" => static (_, _) => false,
        _ => throw new FormatException($"Invalid Condition type : {name}"),
    };

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
