namespace LocalCloud.Aws.S3;

/// <summary>What a client says about an object and gets back unchanged: content headers and user metadata,
/// names in lower case.</summary>
internal sealed record ObjectHeaders(
    IReadOnlyList<KeyValuePair<string, string>> System, IReadOnlyList<KeyValuePair<string, string>> User)
{
    public const string UserPrefix = "x-amz-meta-";

    private const int MaxUserBytes = 2048;
    private const string Redirect = "x-amz-website-redirect-location";
    private const string Mode = "x-amz-object-lock-mode";
    private const string RetainUntil = "x-amz-object-lock-retain-until-date";
    private const string Hold = "x-amz-object-lock-legal-hold";

    private static readonly string[] Kept = ["content-type", "content-encoding", "content-disposition",
        "content-language", "cache-control", "expires", Redirect, Mode, RetainUntil, Hold];

    public static ObjectHeaders None { get; } = new([new("content-type", "binary/octet-stream")], []);

    /// <summary>What no copy takes along whatever its directive: it has what its own request says.</summary>
    public ObjectHeaders ForCopy(AwsCall call) => this with
    {
        System = [.. System.Where(header => header.Key is not (Redirect or Mode or RetainUntil or Hold)),
            .. Read(call).System.Where(header => header.Key is Redirect or Mode or RetainUntil or Hold)],
    };

    /// <summary>What a lock says is shown to those alone who may ask for it; null for what everybody may see who reads
    /// the object.</summary>
    public static string? RightToSee(string header) => header switch
    {
        Mode or RetainUntil => "s3:GetObjectRetention",
        Hold => "s3:GetObjectLegalHold",
        _ => null,
    };

    /// <summary>Under a retention that has not ended, or a legal hold.</summary>
    public bool IsLocked(DateTimeOffset now) =>
        Find(Hold) == "ON"
            || (Find(RetainUntil) is { } until
                && DateTimeOffset.Parse(until, global::System.Globalization.CultureInfo.InvariantCulture) > now);

    private string? Find(string name) => System.FirstOrDefault(header => header.Key == name).Value;

    public static ObjectHeaders Read(AwsCall call)
    {
        var system = new List<KeyValuePair<string, string>>(2);
        foreach (var name in Kept)
        {
            if (call.Header(name) is { Length: > 0 } value)
            {
                Keep(system, name, value);
            }
        }

        if (system.Count == 0 || system[0].Key != "content-type")
        {
            system.Insert(0, new("content-type", "binary/octet-stream"));
        }

        List<KeyValuePair<string, string>>? user = null;
        var size = 0;
        foreach (var header in call.Request.Headers)
        {
            if (header.Key.StartsWith(UserPrefix, StringComparison.OrdinalIgnoreCase))
            {
                var pair = new KeyValuePair<string, string>(header.Key[UserPrefix.Length..].ToLowerInvariant(),
                    header.Value.ToString());
                (user ??= []).Add(pair);
                size += pair.Key.Length + Utf8Length(pair.Value);
            }
        }

        return size <= MaxUserBytes ? new ObjectHeaders(system, user ?? [])
            : throw new AwsProblem(400, "MetadataTooLarge",
                "Your metadata headers exceed the maximum allowed metadata size");
    }

    /// <summary>aws-chunked is how the body travelled, not how the object is encoded.</summary>
    private static void Keep(List<KeyValuePair<string, string>> system, string name, string value)
    {
        if (name == "content-encoding")
        {
            value = string.Join(",",
                value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Where(one => one != "aws-chunked"));
        }

        if (value.Length > 0)
        {
            system.Add(new(name, value));
        }
    }

    private static int Utf8Length(string value) => global::System.Text.Encoding.UTF8.GetByteCount(value);
}
