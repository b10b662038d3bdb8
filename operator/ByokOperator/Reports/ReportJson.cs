using System.Text.Json.Serialization;

namespace ByokOperator.Reports;

/// <summary>Fields in the order of the records, so that two reports can be compared as text.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(EncryptionReport))]
[JsonSerializable(typeof(ReportLink))]
internal sealed partial class ReportJson : JsonSerializerContext;
