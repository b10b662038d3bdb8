using Kube.Core;

namespace ByokOperator.Api;

/// <summary>The two words by which a tenant revokes. They are read from a key that as a whole can't be, too:
/// closing is always safe.</summary>
internal static class RevocationFields
{
    public const string State = "spec.state";
    public const string Confirm = "spec.revocation.confirm";

    public static bool StandIn(Quarantined bad) =>
        bad.Salvaged.GetValueOrDefault(State) == KeyStates.Revoked
            && bad.Salvaged.GetValueOrDefault(Confirm) == KeyRules.Confirmation;
}
