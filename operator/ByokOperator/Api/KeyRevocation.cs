namespace ByokOperator.Api;

public sealed record KeyRevocation
{
    /// <summary>Must be the word <c>revoke</c> while the state is Revoked.</summary>
    public string Confirm { get; init => field = value ?? ""; } = "";

    /// <summary>How often the key is proved, such as <c>30s</c>.</summary>
    public string ProbeInterval { get; init => field = value ?? "30s"; } = "30s";

    /// <summary>How long the key may go unproved, when nobody can be asked, before that counts as revoked.</summary>
    public string MaxStaleness { get; init => field = value ?? "15m"; } = "15m";
}
