using System.Text.Json.Serialization;

namespace Fuzz.Nonsense;

[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
