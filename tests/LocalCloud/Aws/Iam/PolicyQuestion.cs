using Microsoft.Extensions.Primitives;

namespace LocalCloud.Aws.Iam;

/// <summary>One request as a policy sees it. Condition keys are asked for by lower-cased name,
/// so nothing is computed that no policy wants.</summary>
internal abstract class PolicyQuestion(Principal caller)
{
    public Principal Caller { get; } = caller;

    public string Action { get; set; } = "";

    public string Resource { get; set; } = "";

    /// <summary>False where the request came over plain HTTP and the options don't treat that as TLS.</summary>
    public bool Secure { get; init; } = true;

    /// <summary>No value: the key is not in the request's context.</summary>
    public StringValues Find(string key) => key switch
    {
        "aws:principalarn" => Caller.PrincipalArn,
        "aws:principalaccount" => Caller.Account,
        "aws:userid" => Caller.UserId,
        "aws:securetransport" => Secure ? "true" : "false",
        "aws:principaltype" =>
            Caller.IsRoot ? "Account" : Caller.UserId.StartsWith("AROA", StringComparison.Ordinal) ? "AssumedRole"
                : "User",
        "aws:principalisawsservice" => "false",
        _ => FindSpecific(key),
    };

    protected abstract StringValues FindSpecific(string key);
}
