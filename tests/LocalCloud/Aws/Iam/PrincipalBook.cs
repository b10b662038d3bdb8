using System.Collections.Concurrent;

namespace LocalCloud.Aws.Iam;

/// <summary>
/// The accounts, roles and users that there are. Each role and user has a unique id besides its name: one that is
/// deleted and made again is another, and a policy that named the first shows its id from then on
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles).
/// </summary>
internal sealed class PrincipalBook
{
    private const int AccountDigits = 12;

    private readonly ConcurrentDictionary<string, int> lives = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> accounts = new(StringComparer.Ordinal);

    public void Know(string arn)
    {
        if (!Arn.TryParse(arn, out var parts))
        {
            return;
        }

        accounts[parts.Account] = true;
        if (parts.Resource != "root")
        {
            ids.GetOrAdd(arn, one => IdOf(one, lives.AddOrUpdate(one, 0, (_, life) => life + 1)));
        }
    }

    /// <returns>The id that policies show from now on; null where there is no such role or user.</returns>
    public string? Delete(string arn) => ids.TryRemove(arn, out var id) ? id : null;

    /// <summary>How a policy names a principal once it is saved: null where S3 refuses it as invalid.</summary>
    public string? Resolve(string name)
    {
        if (name == "*" || IsOfAnotherKind(name))
        {
            return name;
        }

        if (name.Length == AccountDigits && name.All(char.IsAsciiDigit))
        {
            return accounts.ContainsKey(name) ? name : null;
        }

        if (!Arn.TryParse(name, out var arn))
        {
            return ids.FirstOrDefault(one => one.Value == name).Key;
        }

        return arn switch
        {
            { Service: "iam", Resource: "root" } => accounts.ContainsKey(arn.Account) ? name : null,
            { Service: "iam" } => ids.ContainsKey(name) ? name : null,
            { Service: "sts" }
                when arn.Resource.Split('/') is ["assumed-role", var role, ..] => HasRole(arn, role) ? name : null,
            _ => null,
        };
    }

    private bool HasRole(Arn session, string role) => ids.Keys.Any(one =>
        Arn.TryParse(one, out var arn) && arn.Account == session.Account
            && arn.Resource.StartsWith("role/", StringComparison.Ordinal)
            && arn.Resource.EndsWith("/" + role, StringComparison.Ordinal));

    /// <summary>A service, a canonical user, an identity provider: whether there is one isn't modelled.</summary>
    private static bool IsOfAnotherKind(string name) =>
        name.EndsWith(".amazonaws.com", StringComparison.Ordinal)
            || name.EndsWith(".amazonaws.com.cn", StringComparison.Ordinal)
        || (name.Length == 64 && name.All(char.IsAsciiHexDigit));

    private static string IdOf(string arn, int life) =>
        (arn.Contains(":role/", StringComparison.Ordinal) ? "AROA" : "AIDA")
            + RoleIds.Of(life == 0 ? arn : $"{arn}#{life}");
}
