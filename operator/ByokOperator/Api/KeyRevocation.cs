using Kube.Core;

namespace ByokOperator.Api;

public sealed record KeyRevocation
{
    /// <summary>Must be the word <c>revoke</c> while the state is Revoked.</summary>
    public string Confirm { get; init => field = value ?? ""; } = "";

    /// <summary>How often the key is proved, such as <c>30s</c>.</summary>
    public string ProbeInterval { get; init => field = value ?? "30s"; } = "30s";

    /// <summary>How long the key may go unproved, when nobody can be asked, before that counts as revoked.</summary>
    public string MaxStaleness { get; init => field = value ?? "15m"; } = "15m";

    /// <summary>How often it is asked, whatever stands there:
    /// what can't be read or followed must not stop the asking.</summary>
    internal TimeSpan Interval => GoDuration.TryParse(ProbeInterval, out var asked)
        ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, TimeSpan.FromSeconds(1).Ticks, TimeSpan.FromHours(1).Ticks))
        : TimeSpan.FromSeconds(30);

    /// <summary>How long it is borne not to know, whatever stands there:
    /// what can't be read or followed must not keep a store open.</summary>
    internal TimeSpan AllowedStaleness => !GoDuration.TryParse(MaxStaleness, out var allowed) ? TimeSpan.FromMinutes(15)
        : allowed < TimeSpan.FromDays(7) ? allowed : TimeSpan.FromDays(7);
}

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
