using System.Text.Json.Serialization;
using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>
/// Generated readers set every init property, with null where the field was left out, so the records put their own
/// default in place of a null. What the schemas let in, these readers read; a test holds one against the other.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(PooledStringJson), typeof(DisplayTimeOrNoneJson), typeof(WholeNumberJson),
        typeof(SmallWholeNumberJson)])]
[JsonSerializable(typeof(TenantEncryptionKey))]
[JsonSerializable(typeof(TenantEncryptionKeyStatus))]
[JsonSerializable(typeof(EncryptedStore))]
[JsonSerializable(typeof(EncryptedStoreStatus))]
[JsonSerializable(typeof(Tenant))]
[JsonSerializable(typeof(TenantStatus))]
internal sealed partial class ApiJson : JsonSerializerContext;
