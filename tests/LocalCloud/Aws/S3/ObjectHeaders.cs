namespace LocalCloud.Aws.S3;

/// <summary>What a client says about an object and gets back unchanged: content headers and user metadata, names in lower case.</summary>
internal sealed record ObjectHeaders(IReadOnlyList<KeyValuePair<string, string>> System, IReadOnlyList<KeyValuePair<string, string>> User)
{
    public const string UserPrefix = "x-amz-meta-";

    private const int MaxUserBytes = 2048;

    private static readonly string[] Kept = ["content-type", "content-encoding", "content-disposition", "content-language", "cache-control", "expires", "x-amz-website-redirect-location"];

    public static ObjectHeaders None { get; } = new([new("content-type", "binary/octet-stream")], []);

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
                var pair = new KeyValuePair<string, string>(header.Key[UserPrefix.Length..].ToLowerInvariant(), header.Value.ToString());
                (user ??= []).Add(pair);
                size += pair.Key.Length + Utf8Length(pair.Value);
            }
        }

        return size <= MaxUserBytes ? new ObjectHeaders(system, user ?? [])
            : throw new AwsProblem(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
    }

    /// <summary>aws-chunked is how the body travelled, not how the object is encoded.</summary>
    private static void Keep(List<KeyValuePair<string, string>> system, string name, string value)
    {
        if (name == "content-encoding")
        {
            value = string.Join(",", value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(one => one != "aws-chunked"));
        }

        if (value.Length > 0)
        {
            system.Add(new(name, value));
        }
    }

    private static int Utf8Length(string value) => global::System.Text.Encoding.UTF8.GetByteCount(value);
}
