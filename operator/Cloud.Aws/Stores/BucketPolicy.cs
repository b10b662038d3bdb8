using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cloud.Calling;

namespace Cloud.Aws.Stores;

/// <summary>
/// A bucket's policy as a value. Statements are replaced and removed by Sid; every other statement and field is written
/// back as it was read.
/// </summary>
internal sealed class BucketPolicy
{
    /// <summary>S3's own bound, in bytes of the text.</summary>
    public const int MostBytes = 20 * 1024;

    /// <summary>In letters. What was set aside is three policies long,
    /// and S3 may spell one out longer than it was written.</summary>
    private const int MostRead = 4 * MostBytes;

    /// <summary>Policy variables such as <c>${*}</c> mean something only from this version on.</summary>
    public const string Version = "2012-10-17";

    private readonly JsonObject document;
    private readonly JsonArray statements;

    private BucketPolicy(JsonObject document, JsonArray statements)
    {
        this.document = document;
        this.statements = statements;
    }

    public static BucketPolicy Empty { get; } = new(new JsonObject { ["Version"] = Version }, []);

    public bool IsEmpty => statements.Count == 0;

    public bool KnowsVariables => document["Version"] is JsonValue version && version.ToString() == Version;

    public int Bytes => Encoding.UTF8.GetByteCount(ToText());

    public IEnumerable<JsonNode> Statements => statements.OfType<JsonNode>();

    public IEnumerable<string> Sids => statements.Select(Sid).OfType<string>();

    public static BucketPolicy Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Empty;
        }

        try
        {
            var root = text.Length <= MostRead ? StrictJson.Parse(text) as JsonObject ?? throw new JsonException()
                : throw new JsonException("longer than any policy");
            var standing = root["Statement"]?.DeepClone();
            root.Remove("Statement");
            var list = standing switch
            {
                null => [],
                JsonArray many => many,
                _ => new JsonArray(standing),
            };
            return new BucketPolicy(root, list);
        }
        catch (JsonException malformed)
        {
            throw new CloudException(
                new CloudProblem.Refused("PolicyUnreadable",
                    "the bucket policy that stands there is not readable JSON"), "s3:GetBucketPolicy", null, malformed);
        }
    }

    /// <summary>Whether a statement stands that means the same: S3 may give a list of one back as a string,
    /// and lists in any order.</summary>
    public bool Holds(JsonNode statement) => statements.Any(standing => PolicyMeaning.Same(standing, statement));

    public BucketPolicy With(JsonObject statement)
    {
        var sid = Sid(statement);
        return Of(statements.Where(standing => Sid(standing) != sid).Append(statement));
    }

    /// <summary>Beside all that stands, whatever its Sid.</summary>
    public BucketPolicy Beside(JsonNode statement) => Of(statements.Append(statement));

    /// <summary>The same statements under another document's version and id.</summary>
    public BucketPolicy Under(BucketPolicy other) => new(other.document, statements);

    public BucketPolicy Without(Func<string, bool> sid) =>
        Of(statements.Where(standing => Sid(standing) is not { } name || !sid(name)));

    public JsonObject? Find(Func<string, bool> sid) =>
        statements.FirstOrDefault(standing => Sid(standing) is { } name && sid(name)) as JsonObject;

    public string ToText()
    {
        var whole = (JsonObject)document.DeepClone();
        whole["Statement"] = statements.DeepClone();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer =
            new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            whole.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static string? Sid(JsonNode? statement) =>
        (statement as JsonObject)?["Sid"] is JsonValue sid && sid.GetValueKind() == JsonValueKind.String
            ? sid.GetValue<string>() : null;

    private BucketPolicy Of(IEnumerable<JsonNode?> kept) =>
        new(document, new JsonArray([.. kept.Select(statement => statement?.DeepClone())]));
}
