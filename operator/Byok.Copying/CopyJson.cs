using System.Text.Json.Serialization;

namespace Byok.Copying;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ManifestEntry))]
[JsonSerializable(typeof(ChunkHead))]
[JsonSerializable(typeof(ShardProgress))]
[JsonSerializable(typeof(ShardDone))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class CopyJson : JsonSerializerContext;
