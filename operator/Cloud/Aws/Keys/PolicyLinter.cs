namespace Cloud.Aws.Keys;

/// <summary>Says which permissions a key policy lacks, so that its owner can mend it without asking back.</summary>
public static class PolicyLinter
{
    public static string Describe(IReadOnlyList<string> missingActions, string principal, string key) => missingActions.Count switch
    {
        0 => $"{key} refuses {principal}, and every single action is allowed when tried alone; look for a deny that depends on the request",
        1 => $"the policy of {key} does not allow {missingActions[0]} to {principal}; add it as the required policy shows",
        _ => $"the policy of {key} does not allow these actions to {principal}: {string.Join(", ", missingActions)}; add them as the required policy shows",
    };
}
