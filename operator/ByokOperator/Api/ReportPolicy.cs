namespace ByokOperator.Api;

public sealed record ReportPolicy
{
    public string Interval { get; init => field = value ?? "24h"; } = "24h";
}
