namespace LocalCloud.Azure.Blob;

/// <summary>Metadata and tags as headers carry them.</summary>
internal static class BlobMetadata
{
    public const string Prefix = "x-ms-meta-";
    private const int MaxTags = 10;

    public static IReadOnlyList<KeyValuePair<string, string>> Read(AzureCall call) =>
    [
        .. call.Request.Headers.Where(header => header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(DemandName(header.Key[Prefix.Length..]), header.Value.ToString())),
    ];

    public static void Write(AzureCall call, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        foreach (var (name, value) in metadata)
        {
            call.Response.Headers[Prefix + name] = value;
        }
    }

    /// <summary>The header of Put Blob and the copies: a query string. null: not given.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? ReadTags(BlobCall call)
    {
        if (call.Header("x-ms-tags") is not { Length: > 0 } text)
        {
            return null;
        }

        call.Demand(BlobRight.WriteTags);
        return DemandTags([.. Aws.RawQuery.Parse("?" + text.Replace('+', ' ')).Pairs]);
    }

    public static IReadOnlyList<KeyValuePair<string, string>> DemandTags(
        IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        var valid = tags.Count <= MaxTags
            && tags.Select(tag => tag.Key).Distinct(StringComparer.Ordinal).Count() == tags.Count
            && tags.All(tag =>
                tag.Key.Length is >= 1 and <= 128 && tag.Value.Length <= 256
                    && (tag.Key + tag.Value)
                        .All(c => char.IsAsciiLetterOrDigit(c) || " +-./:=_".Contains(c, StringComparison.Ordinal)));
        return valid ? tags
            : throw new AzureProblem(400, "InvalidTag",
                "The tags specified are invalid. It contains characters that are not permitted.");
    }

    /// <summary>Names are C# identifiers.</summary>
    private static string DemandName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name
            : throw new AzureProblem(400, name.Length == 0 ? "EmptyMetadataKey"
                : "InvalidMetadata", "The specified metadata is invalid. It has characters that are not permitted.");
}
