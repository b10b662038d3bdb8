using ByokOperator.Api;
using Cloud.Keys;
using Simulation.Real.Clouds;

namespace Simulation.Real.Operators;

/// <summary>What one process of the operator has learned of a key by asking it; kept beside the operator,
/// not by it.</summary>
internal sealed class Learned(Home home, World world)
{
    private KeyVerdict? last;
    private DateTimeOffset? provedAt;
    private bool isStoresKey;
    private bool hasProbed;

    /// <summary>When the clock of this time of unreachability was first on record.</summary>
    public DateTimeOffset? UnknownMarkedAt { get; set; }

    /// <summary>The tenant's word, as it stands in the cluster.</summary>
    public bool IsRevokedByTenant => (string?)world.People.Key(home)?["spec"]?["state"] == KeyStates.Revoked;

    /// <summary>The key says nothing, or nobody can read what it has to open:
    /// then the operator asks it nothing.</summary>
    private bool IsSilent => home.CloudKey.IsUnreachable || IsRecordHurt;

    private bool IsRecordHurt => world.People.IsKeyRecordHurt(home);

    private bool KeyExists => world.People.Key(home) is not null;

    public void Restarted()
    {
        (last, provedAt, isStoresKey, hasProbed) = (null, null, false, false);
        UnknownMarkedAt = IsRecordHurt ? null : UnknownMarkedAt; // nobody can read since when
    }

    /// <summary>Another object of its name stands: of that one nobody was told anything.</summary>
    public void Replaced()
    {
        (last, provedAt, isStoresKey) = (null, null, false);
        UnknownMarkedAt = null;
    }

    /// <summary>After a reconcile of the key in which nothing failed and no watch was behind;
    /// <paramref name="wasSeen"/> is false after any other.</summary>
    public void Probed(bool wasSeen, int? canaryMaterial)
    {
        if (!wasSeen)
        {
            isStoresKey &= IsStoresKey(canaryMaterial);
            last = null;
            UnknownMarkedAt = IsSilent ? UnknownMarkedAt : null; // it may have answered, which ends that time
            return;
        }

        isStoresKey = IsStoresKey(canaryMaterial);
        last = home.IsImported && canaryMaterial is null ? null // no key of it holds anything yet
            : IsRevokedByTenant ? KeyVerdict.Revoked
            : IsSilent ? KeyVerdict.Unknown
            : home.CloudKey.IsOff || IsOtherMaterial(canaryMaterial) ? KeyVerdict.Revoked
            : KeyVerdict.Usable;
        // nobody can read what was proved
        provedAt = last is KeyVerdict.Usable ? world.Now : IsRecordHurt ? null : provedAt;
        UnknownMarkedAt = last is not KeyVerdict.Unknown ? null
            : IsRecordHurt && !hasProbed ? world.Now // it began after the clock was last readable
            : UnknownMarkedAt ?? world.Now;
        hasProbed = true;
    }

    public bool IsSurelyRevoked(int? canaryMaterial) => KeyExists && last switch
    {
        KeyVerdict.Revoked => IsRevokedByTenant
            || (!home.CloudKey.IsUnreachable && (home.CloudKey.IsOff || IsOtherMaterial(canaryMaterial))),
        KeyVerdict.Unknown => IsSilent && (home.HoldsData || !IsRecordHurt) && UnknownMarkedAt is { } marked
            && world.Now - marked > World.MaxStaleness,
        _ => false,
    };

    public bool IsSurelyUsable(int? canaryMaterial) =>
        KeyExists
        && last is KeyVerdict.Usable or KeyVerdict.Unknown
        && provedAt is { } proved && world.Now - proved <= World.MaxStaleness
        && !IsRevokedByTenant && !IsRecordHurt
        && isStoresKey && IsStoresKey(canaryMaterial);

    private bool IsOtherMaterial(int? canaryMaterial) => canaryMaterial is { } stored && !home.CloudKey.Opens(stored);

    private bool IsStoresKey(int? canaryMaterial) =>
        home.PinnedMaterial == 0 || canaryMaterial is null || canaryMaterial == home.PinnedMaterial;
}
