namespace LocalCloud.Aws.Iam;

internal sealed record PolicyStatement(bool IsDeny, PolicyPrincipals? Principals, PolicyPatterns Actions, PolicyPatterns Resources, IReadOnlyList<PolicyCondition> Conditions)
{
    /// <summary>Open to the world without a condition: what "public" means to BlockPublicPolicy here.</summary>
    public bool IsPublic => !IsDeny && Principals is { IsEveryone: true } && Conditions.Count == 0;

    public PolicyEffect Judge(PolicyQuestion question)
    {
        var match = Principals?.Match(question.Caller) ?? PolicyEffect.Allows;
        if (match == PolicyEffect.Silent || !Actions.Match(question.Action) || !Resources.Match(question.Resource))
        {
            return PolicyEffect.Silent;
        }

        foreach (var condition in Conditions)
        {
            if (!condition.Holds(question))
            {
                return PolicyEffect.Silent;
            }
        }

        return IsDeny ? PolicyEffect.Denies : match;
    }
}
