namespace ByokOperator.Cluster;

internal static class OperatorMeter
{
    /// <summary>Of every meter of the operator's own.</summary>
    public const string Name = "ByokOperator";
}
