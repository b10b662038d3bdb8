using System.Collections.Frozen;

namespace Cloud.Aws;

/// <summary>How the operator reaches AWS and who it is there. Everything may be left out:
/// then it is the SDK's own default chain.</summary>
public sealed record AwsOptions
{
    /// <summary>
    /// The role (or user) the operator acts as: exempt from the closing and fence statements, and named in the required
    /// key policy. Left out: asked of STS once. State it where the role has a path, which STS does not tell.
    /// </summary>
    public string? OperatorRoleArn { get; init; }

    /// <summary>A role to assume for every call but the assuming itself.</summary>
    public string? AssumeRoleArn { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>
    /// Keys of the platform's own by region, full ARNs. A denial on a tenant's key that does not say whose it is is
    /// tried on these: what refuses us there too is not the tenant.
    /// </summary>
    public IReadOnlyDictionary<string, string> ControlKeys { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Instead of the SDK's default chain.</summary>
    public AwsAccessKey? AccessKey { get; init; }

    /// <summary>The region that STS and the partition are taken from where no key or store names one.</summary>
    public string HomeRegion { get; init; } = "us-east-1";

    public string? KmsEndpoint { get; init; }

    public string? S3Endpoint { get; init; }

    public string? StsEndpoint { get; init; }

    /// <summary>Requests per second by action, such as <c>kms:DescribeKey</c>,
    /// over the published quotas that hold otherwise.</summary>
    public IReadOnlyDictionary<string, double> Rates { get; init; } = FrozenDictionary<string, double>.Empty;

    /// <summary>Whether stores refuse plain HTTP. Off only for a server that has nothing else:
    /// it would lock everybody out.</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>The bytes above which an object is copied by parts. S3 copies up to 5 GiB in one request.</summary>
    public long MultipartAbove { get; init; } = 5L << 30;

    /// <summary>The wire, where a test scripts it.</summary>
    internal HttpMessageHandler? Transport { get; init; }

    /// <summary>
    /// What the environment says: <c>BYOK_AWS_OPERATOR_ROLE_ARN</c>, <c>BYOK_AWS_ASSUME_ROLE_ARN</c>,
    /// <c>BYOK_AWS_EXTERNAL_ID</c>, <c>BYOK_AWS_REQUIRE_TLS</c>, and AWS's own <c>AWS_REGION</c> and
    /// <c>AWS_ENDPOINT_URL[_KMS|_S3|_STS]</c>.
    /// </summary>
    public static AwsOptions FromEnvironment(Func<string, string?> read)
    {
        var any = Text("AWS_ENDPOINT_URL");
        return new AwsOptions
        {
            OperatorRoleArn = Text("BYOK_AWS_OPERATOR_ROLE_ARN"),
            AssumeRoleArn = Text("BYOK_AWS_ASSUME_ROLE_ARN"),
            ExternalId = Text("BYOK_AWS_EXTERNAL_ID"),
            RequireTls = Text("BYOK_AWS_REQUIRE_TLS") is not "false",
            HomeRegion = Text("AWS_REGION") ?? Text("AWS_DEFAULT_REGION") ?? "us-east-1",
            KmsEndpoint = Text("AWS_ENDPOINT_URL_KMS") ?? any,
            S3Endpoint = Text("AWS_ENDPOINT_URL_S3") ?? any,
            StsEndpoint = Text("AWS_ENDPOINT_URL_STS") ?? any,
        };

        string? Text(string name) => read(name) is { Length: > 0 } text ? text : null;
    }
}

/// <summary>A long-lived key pair, for servers on loopback and tests. In a cluster the SDK's chain finds better:
/// roles that expire.</summary>
public sealed record AwsAccessKey(string Id, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => Id;
}
