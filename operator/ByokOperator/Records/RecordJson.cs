using System.Text.Json.Serialization;
using Kube.Core.Json;

namespace ByokOperator.Records;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(PooledStringJson)])]
[JsonSerializable(typeof(KeyRecord))]
[JsonSerializable(typeof(KeyRecordCanary))]
[JsonSerializable(typeof(ReportRecord))]
[JsonSerializable(typeof(StoreRecord))]
[JsonSerializable(typeof(WorkloadRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
