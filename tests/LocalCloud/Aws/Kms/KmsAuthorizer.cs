using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.Kms;

/// <summary>Key policy, grants and the caller's own permissions: who may do what with a key.</summary>
internal static class KmsAuthorizer
{
    /// <exception cref="AwsProblem">AccessDeniedException, worded as AWS words it.</exception>
    public static void Demand(KmsKey key, KmsUse use, string action, DateTimeOffset now)
    {
        use.Action = action;
        use.Resource = key.Arn;
        use.Key = key;
        var says = key.Policy.Judge(use);
        if (use.Caller.Limits.Refusal(use) is { } why)
        {
            throw KmsProblems.DeniedByOwn(use.Caller, action, key.Arn, why);
        }

        if (says == PolicyEffect.Denies)
        {
            throw KmsProblems.Denied(use, key, explicitly: true);
        }

        DemandIdentity(key, use, action, says);
        var sameAccount = use.Caller.Account == key.Account;
        if (says == PolicyEffect.Allows && (sameAccount || IsCrossAccount(use.Operation)))
        {
            return;
        }

        // An Allow to the account hands the decision to that account's IAM, which DemandIdentity has asked.
        if (says == PolicyEffect.AllowsAccount && (sameAccount || IsCrossAccount(use.Operation)))
        {
            return;
        }

        if (!IsGranted(key, use, now))
        {
            throw KmsProblems.Denied(use, key, explicitly: false);
        }
    }

    /// <summary>What no key's policy has a say in: the caller's own permissions alone.</summary>
    public static void DemandOfIdentity(KmsUse use, string action, string resource)
    {
        (use.Action, use.Resource) = (action, resource);
        if (use.Caller.IdentityPolicy is { } own && own.Judge(use) != PolicyEffect.Allows)
        {
            throw KmsProblems.DeniedByOwn(use.Caller, action, resource,
                $"because no identity-based policy allows the {action} action");
        }
    }

    /// <summary>Operations that KMS lets another account use.
    /// All others are refused whatever the policy says.</summary>
    public static bool IsCrossAccount(string operation) => operation is
        "CreateGrant" or "ListGrants" or "RevokeGrant" or "RetireGrant" or "DescribeKey" or "GetKeyRotationStatus"
            or "GetPublicKey"
        or "Encrypt" or "Decrypt" or "GenerateDataKey" or "GenerateDataKeyWithoutPlaintext" or "GenerateDataKeyPair"
        or "ReEncryptFrom" or "ReEncryptTo" or "Sign" or "Verify" or "GenerateMac" or "VerifyMac"
        or "DeriveSharedSecret";

    private static void DemandIdentity(KmsKey key, KmsUse use, string action, PolicyEffect says)
    {
        if (use.Caller.IdentityPolicy is not { } own)
        {
            return;
        }

        var allowed = own.Judge(use);
        var needed = says == PolicyEffect.AllowsAccount
            || (says == PolicyEffect.Allows && use.Caller.Account != key.Account);
        if (allowed == PolicyEffect.Denies || (needed && allowed == PolicyEffect.Silent))
        {
            var how = allowed == PolicyEffect.Denies ? "with an explicit deny in an identity-based policy"
                : $"because no identity-based policy allows the {action} action";
            throw KmsProblems.DeniedByOwn(use.Caller, action, key.Arn, how);
        }
    }

    private static bool IsGranted(KmsKey key, KmsUse use, DateTimeOffset now)
    {
        foreach (var grant in key.Grants)
        {
            if ((grant.Grantee == use.Caller.PrincipalArn || grant.Grantee == use.Caller.Arn)
                && (grant.VisibleFrom <= now || use.GrantTokens.Contains(grant.Token))
                && grant.Covers(use.Operation, use.Context))
            {
                return true;
            }
        }

        return false;
    }
}
