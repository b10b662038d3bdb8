namespace ByokOperator.Api;

public sealed record StoreLocation
{
    public string Cloud { get; init => field = value ?? ""; } = "";

    public string Region { get; init => field = value ?? ""; } = "";

    public string Bucket { get; init => field = value ?? ""; } = "";

    public string Prefix { get; init => field = value ?? ""; } = "";
}
