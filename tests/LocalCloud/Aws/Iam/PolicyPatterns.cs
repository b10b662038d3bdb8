namespace LocalCloud.Aws.Iam;

/// <summary>Action/NotAction or Resource/NotResource.</summary>
internal sealed record PolicyPatterns(IReadOnlyList<string> Patterns, bool Inverted, bool IgnoreCase)
{
    public bool Match(string text)
    {
        foreach (var pattern in Patterns)
        {
            if (Wildcard.Matches(pattern, text, IgnoreCase))
            {
                return !Inverted;
            }
        }

        return Inverted;
    }
}
