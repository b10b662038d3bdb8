using System.Globalization;

namespace Cloud.Azure.Stores;

/// <summary>
/// What an account's tag says of its closing: how its network stood before, and since when all was done that goes with
/// it. What was revoked shows nowhere else in Azure, so a closing that broke off would otherwise pass for a whole one.
/// </summary>
/// <param name="CompletedAt">Null while it is under way.</param>
internal sealed record ClosingMark(
    string PublicNetworkAccess, string DefaultAction, string Bypass, DateTimeOffset? CompletedAt)
{
    public const string Tag = "byok-closed";

    private const string Begun = "begun";
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>How we make accounts, and so what is gone back to where nobody wrote down anything else.</summary>
    public static readonly ClosingMark AsMade = new("Enabled", "Allow", "None", CompletedAt: null);

    public static ClosingMark? Read(string? tag) => tag?.Split('|') switch
    {
        null => null,
        [var network, var action, var bypass, var state] => new(network, action, bypass, TimeOf(state)),
        _ => AsMade,
    };

    public override string ToString() =>
        string.Join('|', PublicNetworkAccess, DefaultAction, Bypass,
            CompletedAt?.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) ?? Begun);

    /// <summary>Whoever may write tags may write any time:
    /// at the end of all time nothing can settle any more.</summary>
    private static DateTimeOffset? TimeOf(string state) =>
        DateTimeOffset.TryParseExact(state, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var time) && time.Year < DateTime.MaxValue.Year ? time : null;
}
