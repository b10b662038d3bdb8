namespace ByokOperator.Reports;

/// <summary>Which object the report is about.</summary>
internal sealed record ReportedStore(string Namespace, string Name, string Uid, long Generation);
