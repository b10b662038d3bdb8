namespace Cloud.Aws.Keys;

/// <summary>Says which permissions a key policy lacks, so that its owner can mend it without asking back.</summary>
public static class PolicyLinter
{
    /// <param name="missingActions">What the proof showed to be refused.</param>
    /// <param name="principal">To whom.</param>
    /// <param name="key">Which.</param>
    /// <param name="tenant">What the proof said of itself in its encryption context; null for nothing.</param>
    public static string Describe(IReadOnlyList<string> missingActions, string principal, string key, string? tenant) =>
        missingActions.Count switch
        {
            0 =>
                $"{key} refuses {principal}, and every single action is allowed when tried alone; look for a deny "
                    + "that depends on the request",
            1 =>
                $"the policy of {key} does not allow {missingActions[0]} to {principal}; add it as the required "
                    + $"policy shows{Bound(missingActions, tenant)}",
            _ =>
                $"the policy of {key} does not allow these actions to {principal}: "
                    + $"{string.Join(", ", missingActions)}; add them as the required policy "
                    + $"shows{Bound(missingActions, tenant)}",
        };

    /// <summary>An action that is allowed for another tenant is refused like one that is not allowed at all.</summary>
    private static string Bound(IReadOnlyList<string> missingActions, string? tenant) =>
        tenant is { Length: > 0 } && missingActions.Any(action => action is not "kms:DescribeKey")
            ? $", for the tenant that it names: {KeyPolicyDocument.TenantContext} is \"{tenant}\" here" : "";
}
