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
