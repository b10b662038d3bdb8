namespace LocalCloud.Azure.Blob;

/// <summary>A container. Its blobs are guarded by <see cref="Gate"/>, held only for lookups and swaps, never during I/O.</summary>
internal sealed class Container(string name, DateTimeOffset modified)
{
    public Lock Gate { get; } = new();

    public string Name { get; } = name;

    public DateTimeOffset Modified { get; set; } = modified;

    public DateTimeOffset? Deleted { get; set; }

    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; set; } = [];

    /// <summary>Lower case, digits and single hyphens, 3 to 63 of them.</summary>
    public static bool IsValid(string name) => name is "$root" or "$web" or "$logs"
        || (name.Length is >= 3 and <= 63 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            && name.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c) || c == '-') && !name.Contains("--", StringComparison.Ordinal));
}
