using System.Text.Json.Serialization;

namespace ByokOperator.Importing.Serving;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RequestAnswer))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
internal sealed partial class ServingJson : JsonSerializerContext;
