namespace LocalCloud.Aws.Kms;

internal sealed record KmsGrant(
    string Id, string Token, string Grantee, string? Retiring, IReadOnlyList<string> Operations)
{
    public string? Name { get; init; }

    public string IssuingAccount { get; init; } = "";

    public IReadOnlyDictionary<string, string>? ContextEquals { get; init; }

    public IReadOnlyDictionary<string, string>? ContextSubset { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Before this, only a caller who shows the grant token profits:
    /// the cloud's eventual consistency.</summary>
    public DateTimeOffset VisibleFrom { get; init; }

    public bool Covers(string operation, IReadOnlyDictionary<string, string> context)
    {
        if (!Operations.Contains(operation))
        {
            return false;
        }

        // Constraints speak of symmetric use only; DescribeKey and RetireGrant carry no context.
        if (operation is "DescribeKey" or "RetireGrant" or "GetPublicKey" or "CreateGrant")
        {
            return true;
        }

        return (ContextEquals is null || (ContextEquals.Count == context.Count && IsSubset(ContextEquals, context)))
            && (ContextSubset is null || IsSubset(ContextSubset, context));
    }

    /// <summary>Same request again: same name and same terms.</summary>
    public bool IsSameRequest(KmsGrant other) =>
        Name is not null && Name == other.Name && Grantee == other.Grantee && Retiring == other.Retiring
        && Operations.Order(StringComparer.Ordinal).SequenceEqual(other.Operations.Order(StringComparer.Ordinal))
        && SamePairs(ContextEquals, other.ContextEquals) && SamePairs(ContextSubset, other.ContextSubset);

    private static bool IsSubset(
        IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> context)
    {
        foreach (var pair in wanted)
        {
            if (!context.Any(one =>
                string.Equals(one.Key, pair.Key, StringComparison.OrdinalIgnoreCase) && one.Value == pair.Value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SamePairs(
        IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right) =>
        (left is null && right is null)
            || (left is not null && right is not null && left.Count == right.Count && IsSubset(left, right));
}
