namespace Cloud.Azure.Stores;

/// <summary>
/// What an account's tag says of its closing: how its network stood before, and whether all was done that goes with it. What was
/// revoked shows nowhere else in Azure, so a closing that broke off would otherwise pass for a whole one.
/// </summary>
internal sealed record ClosingMark(string PublicNetworkAccess, string DefaultAction, string Bypass, bool IsComplete)
{
    public const string Tag = "byok-closed";

    private const string Complete = "complete";
    private const string Begun = "begun";

    /// <summary>How we make accounts, and so what is gone back to where nobody wrote down anything else.</summary>
    public static readonly ClosingMark AsMade = new("Enabled", "Allow", "None", IsComplete: false);

    public static ClosingMark? Read(string? tag) => tag?.Split('|') switch
    {
        null => null,
        [var network, var action, var bypass, var state] => new(network, action, bypass, state == Complete),
        _ => AsMade,
    };

    public override string ToString() => string.Join('|', PublicNetworkAccess, DefaultAction, Bypass, IsComplete ? Complete : Begun);
}
