using System.Text.Json.Serialization;

namespace LocalCloud.Admin;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AdminOrder))]
[JsonSerializable(typeof(AdminAnswer))]
public sealed partial class AdminJson : JsonSerializerContext;
