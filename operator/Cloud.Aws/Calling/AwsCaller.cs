namespace Cloud.Aws.Calling;

/// <summary>The account we act in, and the ARN patterns that mean us and nobody else.</summary>
/// <param name="PrincipalArn">The role or user, as a key policy names it.</param>
/// <param name="Patterns">For <c>ArnNotLike</c> on <c>aws:PrincipalArn</c>.</param>
internal sealed record AwsCaller(
    AwsPartition Partition, string Account, string PrincipalArn, IReadOnlyList<string> Patterns)
{
    /// <summary>
    /// A session's ARN names its role without the role's path. A role's name is unique in its account whatever its
    /// path, so the name with any path means exactly that role.
    /// </summary>
    public static AwsCaller FromArn(string text)
    {
        // The patterns below spare whom they match from every closing: a star in one would spare an account.
        if (text.AsSpan().IndexOfAny("*?$") >= 0 || !AwsArn.TryParse(text, out var arn)
            || AwsPartition.Find(arn.Partition) is not { } partition)
        {
            throw new CloudException(
                new CloudProblem.Refused("InvalidArn", $"'{text}' is not the ARN of a role or user"),
                "sts:GetCallerIdentity");
        }

        if (!arn.Resource.StartsWith("assumed-role/", StringComparison.Ordinal))
        {
            return new AwsCaller(partition, arn.Account, text, [text]);
        }

        var role = arn.Resource.Split('/')[1];
        var plain = $"arn:{arn.Partition}:iam::{arn.Account}:role/{role}";
        return new AwsCaller(partition, arn.Account, plain,
            [plain, $"arn:{arn.Partition}:iam::{arn.Account}:role/*/{role}"]);
    }
}
