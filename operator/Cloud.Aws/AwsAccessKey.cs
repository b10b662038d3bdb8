namespace Cloud.Aws;

/// <summary>A long-lived key pair, for servers on loopback and tests. In a cluster the SDK's chain finds better:
/// roles that expire.</summary>
public sealed record AwsAccessKey(string Id, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => Id;
}
