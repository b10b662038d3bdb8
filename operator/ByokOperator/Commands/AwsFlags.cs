using System.CommandLine;
using ByokOperator.Cluster;
using Cloud.Aws;

namespace ByokOperator.Commands;

/// <summary>The flags of <c>run</c> about AWS.</summary>
internal static class AwsFlags
{
    private const string ControlKeysVariable = "BYOK_AWS_CONTROL_KEYS";

    private static readonly Option<string?> OperatorRole = new("--aws-operator-role")
    {
        Description = "role ARN that key policies name; asked of STS when left out",
    };

    private static readonly Option<string?> AssumeRole =
        new("--aws-assume-role") { Description = "role ARN to take on first" };

    private static readonly Option<string?> ExternalId =
        new("--aws-external-id") { Description = "external id for --aws-assume-role" };

    private static readonly Option<string[]> ControlKeyArns = new("--aws-control-keys")
    {
        Description =
            "REGION=ARN[,REGION=ARN...] of keys of the platform's own: a denial that does not say whose it is is "
                + "tried on them; repeatable; "
                + $"else {ControlKeysVariable}",
    };

    public static IReadOnlyList<Option> All => [OperatorRole, AssumeRole, ExternalId, ControlKeyArns];

    public static AwsAccess Read(ParseResult parsed) => new()
    {
        OperatorRoleArn = parsed.GetValue(OperatorRole),
        AssumeRoleArn = parsed.GetValue(AssumeRole),
        ExternalId = parsed.GetValue(ExternalId),
        ControlKeys = parsed.GetValue(ControlKeyArns) is { Length: > 0 } given ? given
            : Environment.GetEnvironmentVariable(ControlKeysVariable) is { Length: > 0 } text ? [text]
            : [],
    };

    /// <summary>Empty when they are sound.</summary>
    public static IEnumerable<string> Violations(AwsAccess aws)
    {
        if (aws.OperatorRoleArn is { } role && !IsRoleArn(role))
        {
            yield return $"--aws-operator-role is '{role}': give a role ARN, such as "
                + "arn:aws:iam::111122223333:role/byok-operator";
        }

        if (aws.AssumeRoleArn is { } assumed && !IsRoleArn(assumed))
        {
            yield return $"--aws-assume-role is '{assumed}': give a role ARN, such as "
                + "arn:aws:iam::111122223333:role/byok";
        }

        if (aws.ExternalId is not null && aws.AssumeRoleArn is null)
        {
            yield return "--aws-external-id needs --aws-assume-role";
        }

        foreach (var fault in ControlKeys.Read(aws.ControlKeys).Faults)
        {
            yield return $"--aws-control-keys: {fault}";
        }
    }

    public static bool IsRoleArn(string arn) =>
        arn.Split(':') is ["arn", "aws" or "aws-us-gov" or "aws-cn" or "aws-eusc", "iam", "", { Length: 12 } account,
            { } role]
        && account.All(char.IsAsciiDigit)
        && role.StartsWith("role/", StringComparison.Ordinal)
        && role.AsSpan().IndexOfAny("*?$") < 0;
}
