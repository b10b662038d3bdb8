using System.Diagnostics.CodeAnalysis;

namespace Cloud.Aws;

/// <summary>An Amazon resource name, taken apart. Says nothing about whether the resource is there.</summary>
public sealed record AwsArn(string Partition, string Service, string Region, string Account, string Resource)
{
    private const int Parts = 6;

    private const int AccountDigits = 12;

    /// <summary>AWS's own bound on an ARN.</summary>
    private const int Longest = 2048;

    /// <summary>Twelve digits: somebody's, and no pattern.</summary>
    public bool HasAccount => Account.Length == AccountDigits && Account.All(char.IsAsciiDigit);

    public static bool TryParse(string? text, [NotNullWhen(true)] out AwsArn? arn)
    {
        arn = null;
        if (text is null or { Length: > Longest }
            || text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
        {
            return false;
        }

        var parts = text.Split(':', Parts);
        if (parts.Length != Parts || parts[0] != "arn" || parts[1].Length == 0 || parts[2].Length == 0
            || parts[5].Length == 0)
        {
            return false;
        }

        arn = new AwsArn(parts[1], parts[2], parts[3], parts[4], parts[5]);
        return true;
    }

    public override string ToString() => $"arn:{Partition}:{Service}:{Region}:{Account}:{Resource}";
}
