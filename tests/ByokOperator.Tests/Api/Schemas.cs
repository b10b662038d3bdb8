using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Tests.Api;

/// <summary>Walks a record's own description of itself beside a structural schema,
/// and tells where they differ.</summary>
internal static class Schemas
{
    private const string NoDefault = "none";

    /// <summary>Optional, and blank where left out: a server before 1.21 loses
    /// an empty default and then refuses the definition.</summary>
    private const string OptionalBlank = ".spec.revocation.confirm";

    public static IEnumerable<string> Compare(JsonTypeInfo record, JsonObject properties) =>
        Fields("", record, properties, []);

    private static IEnumerable<string> Fields(
        string path, JsonTypeInfo record, JsonObject properties, HashSet<string> required)
    {
        var fields = record.Properties.ToDictionary(property => property.Name);
        var least = new JsonObject(record.Properties.Where(property => property.IsRequired)
            .Select(property => KeyValuePair.Create(property.Name, (JsonNode?)"")));
        var blank = least.Deserialize(record)!;
        foreach (var name in fields.Keys.Concat(properties.Select(entry => entry.Key)).Distinct())
        {
            var place = $"{path}.{name}";
            var found = (fields.GetValueOrDefault(name), properties[name]?.AsObject()) switch
            {
                (null, _) => [$"{place}: only in the schema"],
                (_, null) => [$"{place}: only in the record"],
                var (field, schema) => Field(place, record, field, schema, field.Get!(blank), required.Contains(name)),
            };
            foreach (var difference in found)
            {
                yield return difference;
            }
        }
    }

    private static IEnumerable<string> Field(
        string path, JsonTypeInfo owner, JsonPropertyInfo field, JsonObject schema, object? blank, bool isRequired)
    {
        if (field.PropertyType == typeof(ObjectMeta))
        {
            return [];
        }

        var type = Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType;
        return Type(path, type, schema)
            .Concat(
                Default(path, schema, blank is null ? null
                    : JsonSerializer.SerializeToNode(blank, owner.Options.GetTypeInfo(type)), isRequired))
            .Concat(Inside(path, type, schema, owner.Options));
    }

    private static IEnumerable<string> Type(string path, Type type, JsonObject schema)
    {
        var (inRecord, inSchema) = (NameOf(type), NameOf(schema));
        return inRecord == inSchema ? [] : [$"{path}: {inRecord} in the record, {inSchema} in the schema"];
    }

    /// <summary>
    /// Either the record has nothing (optional), or its value is the schema's default, or the schema demands the field
    /// and the record's value is a mere blank. Status has no schema defaults: nobody leaves fields out there.
    /// </summary>
    private static IEnumerable<string> Default(string path, JsonObject schema, JsonNode? blank, bool isRequired)
    {
        var isBlank = blank is null or JsonArray { Count: 0 }
            || (blank is JsonValue value && value.ToJsonString() is "\"\"" or "0");
        var told = schema["default"];
        if (told is JsonObject { Count: 0 } && blank is JsonObject)
        {
            return [];
        }

        if (path is ".apiVersion" or ".kind" or ".spec"
            || (told is null
                && (((isRequired || path == OptionalBlank) && isBlank)
                    || path.StartsWith(".status", StringComparison.Ordinal))))
        {
            return [];
        }

        return JsonNode.DeepEquals(blank, told)
            ? []
            :
            [
                $"{path}: default {blank?.ToJsonString() ?? NoDefault} in the record, "
                    + $"{told?.ToJsonString() ?? NoDefault} in the schema",
            ];
    }

    private static IEnumerable<string> Inside(string path, Type type, JsonObject schema, JsonSerializerOptions options)
    {
        if (ElementOf(type) is { } element)
        {
            var items = schema["items"]?.AsObject() ?? [];
            return Type($"{path}[]", element, items).Concat(Inside($"{path}[]", element, items, options));
        }

        return IsRecord(type)
            ? Fields(path, options.GetTypeInfo(type), schema["properties"]?.AsObject() ?? [], Required(schema))
            : [];
    }

    private static HashSet<string> Required(JsonObject schema) =>
        [.. (schema["required"]?.AsArray() ?? []).Select(name => (string)name!)];

    private static string NameOf(Type type) =>
        type == typeof(string) ? "string"
        : type == typeof(bool) ? "boolean"
        : type == typeof(int) ? "integer/int32"
        : type == typeof(long) ? "integer/int64"
        : type == typeof(DateTimeOffset) ? "string/date-time"
        : type == typeof(IReadOnlyDictionary<string, string>) ? "object of string"
        : ElementOf(type) is not null ? "array"
        : IsRecord(type) ? "object"
        : type.Name;

    private static string NameOf(JsonObject schema) =>
        (string?)schema["type"]
        + (schema["format"] is { } format ? $"/{format}" : "")
        + (schema["additionalProperties"]?["type"] is { } values ? $" of {values}" : "");

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
            : null;

    private static bool IsRecord(Type type) =>
        type.Namespace == typeof(EncryptedStore).Namespace || type == typeof(Condition);
}
