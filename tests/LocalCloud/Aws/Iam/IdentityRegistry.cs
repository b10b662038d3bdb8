using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LocalCloud.Aws.Iam;

/// <summary>Access keys and roles of all accounts.</summary>
internal sealed class IdentityRegistry
{
    private readonly ConcurrentDictionary<string, Credential> credentials = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Role> roles = new(StringComparer.Ordinal);

    public PrincipalBook Principals { get; } = new();

    public Credential? Find(string accessKey) => credentials.GetValueOrDefault(accessKey);

    public Role? FindRole(string arn) => roles.GetValueOrDefault(arn);

    public void Add(Credential credential)
    {
        credentials[credential.AccessKey] = credential;
        Principals.Know(credential.Principal.PrincipalArn);
    }

    public void Add(Role role)
    {
        roles[role.Arn] = role;
        Principals.Know(role.Arn);
    }

    public bool Remove(string accessKey) => credentials.TryRemove(accessKey, out _);

    /// <summary>Ends a credential's life at the instant given; the next request with it is ExpiredToken.</summary>
    public bool Expire(string accessKey, DateTimeOffset at)
    {
        if (Find(accessKey) is not { } found)
        {
            return false;
        }

        credentials[accessKey] = found with { Expires = at };
        return true;
    }

    public bool SetIdentityPolicy(string accessKey, PolicyDocument? policy)
    {
        if (Find(accessKey) is not { } found)
        {
            return false;
        }

        credentials[accessKey] = found with { Principal = found.Principal.With(policy) };
        return true;
    }

    public bool SetLimit(string accessKey, string kind, PolicyDocument? policy)
    {
        if (Find(accessKey) is not { } found)
        {
            return false;
        }

        credentials[accessKey] =
            found with { Principal = found.Principal.With(found.Principal.Limits.With(kind, policy)) };
        return true;
    }

    /// <summary>Over every identity that the account has now.</summary>
    public void SetServiceControlPolicy(string account, PolicyDocument? policy)
    {
        foreach (var one in credentials.Values.Where(one => one.Principal.Account == account))
        {
            SetLimit(one.AccessKey, Limits.ServiceControl, policy);
        }
    }

    public Credential Issue(Principal principal, DateTimeOffset expires)
    {
        var issued = new Credential(
            "ASIA" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)),
            principal,
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)),
            expires);
        Add(issued);
        return issued;
    }
}
