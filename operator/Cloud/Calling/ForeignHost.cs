namespace Cloud.Calling;

/// <summary>
/// What is told where an address leads out of the cloud that a call is for. Nothing was sent: no token, no signature,
/// no body.
/// </summary>
internal static class ForeignHost
{
    public const string Code = "HostNotAllowed";

    /// <summary>A host name can be no longer (RFC 1035); what isn't one can.</summary>
    private const int Longest = 253;

    public static CloudException Refuse(string host, string operation) => new(
        new CloudProblem.Refused(
            Code,
            $"'{host[..Math.Min(host.Length, Longest)]}' is no host of the configured cloud: nothing was sent there"),
        operation);
}
