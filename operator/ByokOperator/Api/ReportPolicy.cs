namespace ByokOperator.Api;

public sealed record ReportPolicy
{
    public string Interval { get; init; } = "24h";
}
