using ByokOperator.Reconciling;

namespace ByokOperator.Entitlements;

/// <summary>The operator's rights in a tenant's namespace, which the platform gives by a RoleBinding there,
/// and the operator never itself.</summary>
internal static class Enrolment
{
    /// <summary>Why a look is blind that the API server forbade.</summary>
    public const string NoRights = "NoRights";

    public const string Role = "byok-operator-tenant";

    /// <summary>What the platform would have to do.</summary>
    public static string Fix(string ns, string operatorNamespace, string account) =>
        $"the operator has no rights in this namespace: kubectl -n {ns} create rolebinding {Role} "
            + $"--clusterrole={Role} --serviceaccount={operatorNamespace}:{account}";

    /// <summary>Whether what stands in the namespace could be looked at; nothing begins before.</summary>
    public static Finding Judge(bool isHeldOff, string mend, params ReadOnlySpan<string?> blindness) =>
        isHeldOff ? new Finding.Unseen("NotLooked")
        : blindness.Contains(NoRights) ? new Finding.Stuck(NoRights, mend)
        : Finding.Holds.Now;
}
