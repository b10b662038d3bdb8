using System.Collections.Immutable;

namespace LocalCloud.Aws.Iam;

/// <summary>Policies over a caller that only take away: each kind has to allow what is asked, and may deny it. By the
/// names that AWS's messages have for them.</summary>
internal sealed class Limits
{
    public const string Boundary = "permissions boundary";
    public const string Session = "session policy";
    public const string ServiceControl = "service control policy";
    public const string Endpoint = "VPC endpoint policy";

    public static readonly Limits None = new(ImmutableSortedDictionary<string, PolicyDocument>.Empty);

    private static readonly string[] Kinds = [Boundary, Session, ServiceControl, Endpoint];

    private readonly ImmutableSortedDictionary<string, PolicyDocument> policies;

    private Limits(ImmutableSortedDictionary<string, PolicyDocument> policies) => this.policies = policies;

    /// <param name="kind">One of the four.</param>
    /// <param name="policy">Null lifts it.</param>
    public Limits With(string kind, PolicyDocument? policy) => !Kinds.Contains(kind)
        ? throw new ArgumentException($"no such kind of policy: {kind}; there are {string.Join(", ", Kinds)}",
            nameof(kind))
        : new Limits(policy is null ? policies.Remove(kind) : policies.SetItem(kind, policy));

    /// <summary>Why the request is refused, as AWS words it; null where nothing refuses it.</summary>
    public string? Refusal(PolicyQuestion question)
    {
        foreach (var (kind, policy) in policies)
        {
            switch (policy.Judge(question))
            {
                case PolicyEffect.Denies:
                    return $"with an explicit deny in a {kind}";
                case PolicyEffect.Silent:
                    return $"because no {kind} allows the {question.Action} action";
            }
        }

        return null;
    }
}
