using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Byok.Import.Serving;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RequestAnswer))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
internal sealed partial class ServingJson : JsonSerializerContext;
