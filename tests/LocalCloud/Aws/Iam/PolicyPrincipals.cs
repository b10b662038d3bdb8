namespace LocalCloud.Aws.Iam;

/// <summary>The Principal or NotPrincipal element of a statement.</summary>
internal sealed record PolicyPrincipals(IReadOnlyList<string> Names, bool Inverted)
{
    public bool IsEveryone => !Inverted && Names.Contains("*");

    /// <summary>AllowsAccount when only the caller's whole account is named,
    /// which hands the decision to that account's own policies.</summary>
    public PolicyEffect Match(Principal caller)
    {
        var best = PolicyEffect.Silent;
        foreach (var name in Names)
        {
            var match = MatchOne(name, caller);
            best = match > best ? match : best;
        }

        return Inverted ? (best == PolicyEffect.Silent ? PolicyEffect.Allows : PolicyEffect.Silent) : best;
    }

    private static PolicyEffect MatchOne(string name, Principal caller)
    {
        if (name == "*" || name == caller.PrincipalArn || name == caller.Arn)
        {
            return PolicyEffect.Allows;
        }

        var names = name.Length == 12 ? name : Arn.TryParse(name, out var arn) && arn.Resource == "root" ? arn.Account
            : "";
        return names == caller.Account ? PolicyEffect.AllowsAccount : PolicyEffect.Silent;
    }
}
