namespace LocalCloud.Admin;

/// <summary>One request that was answered, or not.</summary>
public sealed record CallRecord(
    DateTimeOffset Time, string Service, string Operation, string Principal, string AccessKey)
{
    public string? Region { get; init; }

    /// <summary>The storage account, or the vault; Azure alone.</summary>
    public string? Account { get; init; }

    public string? Bucket { get; init; }

    public string? Key { get; init; }

    public int Status { get; init; }

    public string? ErrorCode { get; init; }

    public string RequestId { get; init; } = "";
}
