using System.Text.Json;
using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.Kms;

/// <summary>One KMS request: its JSON, read with KMS's own complaints.</summary>
internal sealed class KmsCall(JsonElement input, Principal caller, string region, bool secure)
{
    private const int MaxContextPairs = 8;

    public Principal Caller { get; } = caller;

    public string Region { get; } = region;

    public bool Has(string name) => input.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string? Text(string name) => Has(name) ? input.GetProperty(name).GetString() : null;

    public string Needed(string name) => Text(name) ?? throw KmsProblems.Validation(
        $"1 validation error detected: Value at '{Camel(name)}' failed to satisfy constraint: Member must not be null");

    public int? Number(string name) => Has(name) ? input.GetProperty(name).GetInt32() : null;

    public bool Flag(string name) => Has(name) && input.GetProperty(name).GetBoolean();

    public byte[] Bytes(string name) => Convert.FromBase64String(Needed(name));

    public List<string> Texts(string name) =>
        Has(name) ? [.. input.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)] : [];

    public IReadOnlyDictionary<string, string>? Pairs(string name) =>
        Has(name) ? ReadPairs(input.GetProperty(name)) : null;

    public JsonElement Element(string name) => input.GetProperty(name);

    public KmsUse Use(string contextName = "EncryptionContext") => new(Caller, Region)
    {
        Context = Pairs(contextName) ?? KmsUse.NoContext,
        GrantTokens = Texts("GrantTokens"),
        Secure = secure,
    };

    /// <summary>The question as it is asked of a request that tags what it makes.</summary>
    public KmsUse Tagging() => new(Caller, Region)
    {
        Secure = secure,
        RequestTags = Has("Tags")
            ? Element("Tags").EnumerateArray()
                .ToDictionary(tag => tag.GetProperty("TagKey").GetString()!,
                    tag => tag.GetProperty("TagValue").GetString()!)
            : KmsUse.NoContext,
    };

    public static IReadOnlyDictionary<string, string> ReadPairs(JsonElement json)
    {
        var pairs = json.EnumerateObject()
            .ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal);
        return pairs.Count <= MaxContextPairs || json.ValueKind != JsonValueKind.Object
            ? pairs
            : throw KmsProblems.Validation(
                $"1 validation error detected: an encryption context may hold at most {MaxContextPairs} pairs");
    }

    /// <summary>Which key a request names, before anything else of it is looked at; null where it names none.</summary>
    public static string? KeyIdOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 }
                    && reader.ValueTextEquals("KeyId"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (JsonException)
        {
            // Its operation will say so.
        }

        return null;
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
