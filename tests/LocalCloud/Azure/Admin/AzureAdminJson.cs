using System.Text.Json.Serialization;

namespace LocalCloud.Azure.Admin;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AzureOrder))]
[JsonSerializable(typeof(AzureReply))]
public sealed partial class AzureAdminJson : JsonSerializerContext;
