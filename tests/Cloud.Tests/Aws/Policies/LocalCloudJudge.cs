using LocalCloud.Aws;
using LocalCloud.Aws.Iam;
using LocalCloud.Aws.Kms;
using LocalCloud.Aws.S3;
using Microsoft.Extensions.Primitives;

namespace Cloud.Tests.Aws.Policies;

/// <summary>What LocalCloud makes of a case: by the code that answers its requests.</summary>
internal static class LocalCloudJudge
{
    private const string ContextKey = "kms:EncryptionContext:";

    private static readonly PolicyDocument own = PolicyDocument.Parse(PolicyCase.Own().ToJsonString());

    public static bool Allows(PolicyCase asked) =>
        asked.Action.StartsWith("kms:", StringComparison.Ordinal) ? AllowsKey(asked) : AllowsStore(asked);

    private static bool AllowsKey(PolicyCase asked)
    {
        var arn = Arn.TryParse(asked.Resource, out var known) ? known : throw new FormatException(asked.Resource);
        var key = new KmsKey(arn, arn.Resource["key/".Length..]) { Policy = PolicyDocument.Parse(asked.Policy) };
        var use = new KmsUse(CallerOf(asked), arn.Region)
        {
            Context = asked.Values.Where(one => one.Key.StartsWith(ContextKey, StringComparison.Ordinal))
                .ToDictionary(one => one.Key[ContextKey.Length..], one => one.Value[0]),
            ViaService = Of("kms:ViaService"),
            Import = new(Of("kms:WrappingAlgorithm"), Of("kms:WrappingKeySpec"), null),
            Grant = Of("kms:GranteePrincipal") is { } grantee
                ? new("id", "token", grantee, Of("kms:RetiringPrincipal"), asked.Values["kms:GrantOperations"])
                : null,
        };
        try
        {
            KmsAuthorizer.Demand(key, use, asked.Action, DateTimeOffset.UnixEpoch);
            return true;
        }
        catch (AwsProblem)
        {
            return false;
        }

        string? Of(string name) => asked.Values.GetValueOrDefault(name)?[0];
    }

    private static bool AllowsStore(PolicyCase asked)
    {
        var question = new Question(CallerOf(asked), asked)
        {
            Action = asked.Action,
            Resource = asked.Resource,
            Secure = IsSecure(asked),
        };
        return S3Call.Decide(PolicyDocument.Parse(asked.Policy), own, question,
            question.Caller.Account == asked.Account) == PolicyEffect.Allows;
    }

    private static bool IsSecure(PolicyCase asked) =>
        asked.Values.GetValueOrDefault("aws:SecureTransport")?[0] != "false";

    private static Principal CallerOf(PolicyCase asked) => Principal.Of(asked.Caller, "session", "SEED").With(own);

    private sealed class Question(Principal caller, PolicyCase asked) : PolicyQuestion(caller)
    {
        protected override StringValues FindSpecific(string key) => asked.Values.GetValueOrDefault(key);
    }
}
