using System.Text.RegularExpressions;

namespace Cloud.Aws.Calling;

/// <summary>
/// Where one service of one region answers (https://docs.aws.amazon.com/general/latest/gr/rande.html: plain, FIPS and
/// dual-stack names), or the endpoint that the platform configured instead. A region stands in specs and records: none
/// of them decides who gets a signature.
/// </summary>
internal sealed partial class AwsHosts
{
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Uri? endpoint;
    private readonly bool hasBuckets;

    private AwsHosts(Uri? endpoint, bool hasBuckets) => (this.endpoint, this.hasBuckets) = (endpoint, hasBuckets);

    /// <param name="service">The first part of its host names, such as <c>kms</c>.</param>
    /// <param name="region">Such as <c>eu-west-1</c>; what is not shaped like one has no hosts.</param>
    /// <param name="endpoint">What the platform configured instead of AWS's own names.</param>
    public static AwsHosts Of(string service, string region, string? endpoint)
    {
        var hosts = new AwsHosts(endpoint is null ? null : new Uri(endpoint), hasBuckets: service == "s3");
        if (endpoint is null && RegionName().IsMatch(region))
        {
            var partition = AwsPartition.OfRegion(region);
            foreach (var name in new[] { service, $"{service}-fips" })
            {
                hosts.names.Add($"{name}.{region}.{partition.DnsSuffix}");
                hosts.names.Add($"{name}.dualstack.{region}.{partition.DnsSuffix}");
                hosts.names.Add($"{name}.{region}.{partition.DualStackSuffix}");
            }

            hosts.names.Add($"{service}.{partition.DnsSuffix}"); // of us-east-1, from before regions had names
        }

        return hosts;
    }

    public bool Allows(Uri address) => endpoint is not null
        ? address.Scheme == endpoint.Scheme && address.Port == endpoint.Port && IsOf(address.Host, endpoint.Host)
        : address is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
            && names.Any(name => IsOf(address.Host, name));

    /// <summary>A bucket's name may stand before S3's own host, dots and all.</summary>
    private bool IsOf(string host, string name) =>
        string.Equals(host, name, StringComparison.OrdinalIgnoreCase)
        || hasBuckets && host.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RegionName();
}
