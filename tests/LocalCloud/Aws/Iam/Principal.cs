namespace LocalCloud.Aws.Iam;

/// <summary>Who calls: <c>Arn</c> is what messages show (a session for a role),
/// <c>PrincipalArn</c> what policies and grants name.</summary>
internal sealed class Principal
{
    private Principal(string account, string arn, string principalArn, string userId)
    {
        Account = account;
        Arn = arn;
        PrincipalArn = principalArn;
        UserId = userId;
        IsRoot = principalArn.EndsWith(":root", StringComparison.Ordinal);
    }

    public string Account { get; }

    public string Arn { get; }

    public string PrincipalArn { get; }

    public string UserId { get; }

    public bool IsRoot { get; }

    /// <summary>The identity's own permissions; null allows all,
    /// so that resource policies are what tests look at.</summary>
    public PolicyDocument? IdentityPolicy { get; init; }

    /// <summary>What stands over the identity's own permissions.</summary>
    public Limits Limits { get; init; } = Limits.None;

    /// <summary>A role ARN becomes a session of that role, anything else stands for itself.</summary>
    public static Principal Of(string arn, string session, string idSeed)
    {
        if (!Aws.Arn.TryParse(arn, out var parts))
        {
            throw new ArgumentException($"not an ARN: {arn}", nameof(arn));
        }

        if (!parts.Resource.StartsWith("role/", StringComparison.Ordinal))
        {
            return new Principal(parts.Account, arn, arn, parts.Resource == "root" ? parts.Account : "AIDA" + idSeed);
        }

        var name = parts.Resource[(parts.Resource.LastIndexOf('/') + 1)..];
        return new Principal(parts.Account, $"arn:{parts.Partition}:sts::{parts.Account}:assumed-role/{name}/{session}",
            arn, $"AROA{idSeed}:{session}");
    }

    public Principal With(PolicyDocument? identityPolicy) =>
        new(Account, Arn, PrincipalArn, UserId) { IdentityPolicy = identityPolicy, Limits = Limits };

    public Principal With(Limits limits) =>
        new(Account, Arn, PrincipalArn, UserId) { IdentityPolicy = IdentityPolicy, Limits = limits };
}
