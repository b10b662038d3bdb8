namespace ByokOperator.Api;

public sealed record StoreLocation
{
    public string Cloud { get; init; } = "";

    public string Region { get; init; } = "";

    public string Bucket { get; init; } = "";

    public string Prefix { get; init; } = "";
}
