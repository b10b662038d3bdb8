using ByokOperator.Keys;

namespace Simulation;

/// <summary>What one process of the operator has learned of the key by asking it; kept beside the operator, not by it.</summary>
internal sealed class Knowledge
{
    private Verdict? last;
    private DateTimeOffset? provedAt;
    private bool isStoresKey;

    /// <summary>When the clock of this time of unreachability was first on record.</summary>
    public DateTimeOffset? UnknownMarkedAt { get; set; }

    public void Probed(Truth truth, bool wasSeen)
    {
        var isRevokedByTenant = truth.KeyState == ByokOperator.Api.KeyStates.Revoked;
        if (!wasSeen && !isRevokedByTenant)
        {
            isStoresKey &= IsStoresKey(truth); // the pin may have been seen all the same
            return;
        }

        isStoresKey = IsStoresKey(truth);
        last = isRevokedByTenant ? Verdict.Revoked
            : truth.IsUnreachable ? Verdict.Unknown
            : truth.IsDisabled || IsOtherMaterial(truth) ? Verdict.Revoked
            : Verdict.Usable;
        provedAt = last is Verdict.Usable ? truth.Now : provedAt;
        UnknownMarkedAt = last is not Verdict.Unknown ? null : truth.UnknownSince is not null ? UnknownMarkedAt ?? truth.Now : UnknownMarkedAt;
    }

    public bool IsSurelyRevoked(Truth truth) => truth.KeyExists && last switch
    {
        Verdict.Revoked => truth.KeyState == ByokOperator.Api.KeyStates.Revoked || (!truth.IsUnreachable && (truth.IsDisabled || IsOtherMaterial(truth))),
        Verdict.Unknown => truth.IsUnreachable && UnknownMarkedAt is { } marked && truth.Now - marked > Truth.MaxStaleness,
        _ => false,
    };

    public bool IsSurelyUsable(Truth truth) =>
        truth.KeyExists
        && last is Verdict.Usable or Verdict.Unknown
        && provedAt is { } proved && truth.Now - proved <= Truth.MaxStaleness
        && truth.KeyState != ByokOperator.Api.KeyStates.Revoked
        && isStoresKey && IsStoresKey(truth);

    private static bool IsOtherMaterial(Truth truth) => truth.Canary is not null && truth.CanaryMaterial != truth.Material;

    private static bool IsStoresKey(Truth truth) => truth.Pin is null || truth.Canary is null || truth.Canary.Pin.IsSameKeyAs(truth.Pin);
}
