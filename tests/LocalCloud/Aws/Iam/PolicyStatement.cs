namespace LocalCloud.Aws.Iam;

internal sealed record PolicyStatement(
    bool IsDeny, PolicyPrincipals? Principals, PolicyPatterns Actions, PolicyPatterns Resources,
    IReadOnlyList<PolicyCondition> Conditions)
{
    /// <summary>
    /// Allows everybody, and no condition narrows that to a fixed value, one without a wildcard or a variable
    /// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status).
    /// </summary>
    public bool IsPublic =>
        !IsDeny && (Principals is { IsEveryone: true } or { Inverted: true }) && !Conditions.Any(one => one.IsFixed);

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
