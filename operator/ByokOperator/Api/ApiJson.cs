using System.Text.Json.Serialization;

namespace ByokOperator.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TenantEncryptionKey))]
[JsonSerializable(typeof(EncryptedStore))]
internal sealed partial class ApiJson : JsonSerializerContext;
