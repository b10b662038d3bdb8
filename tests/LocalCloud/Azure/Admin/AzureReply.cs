namespace LocalCloud.Azure.Admin;

/// <summary>The answer to any admin request to Azure: what was asked for is filled in.</summary>
public sealed record AzureReply
{
    public string? Error { get; init; }

    public string? Id { get; init; }

    public string? ObjectId { get; init; }

    public string? Version { get; init; }

    public string? Key { get; init; }

    public string? Token { get; init; }

    public string? Certificate { get; init; }

    /// <summary>With TLS, by Azure's names.</summary>
    public string? Url { get; init; }

    /// <summary>Without TLS.</summary>
    public string? PlainUrl { get; init; }

    /// <summary>An HTTP proxy for which Azure's names lead here.</summary>
    public string? Proxy { get; init; }

    public long? Count { get; init; }
}
