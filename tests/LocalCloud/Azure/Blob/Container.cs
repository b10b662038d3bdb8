using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>A container. Its blobs are guarded by <see cref="Gate"/>, held only for lookups and swaps,
/// never during I/O.</summary>
internal sealed class Container(string name, DateTimeOffset modified)
{
    public Lock Gate { get; } = new();

    public string Name { get; } = name;

    public DateTimeOffset Modified { get; set; } = modified;

    public string ETag => $"\"0x{Modified.UtcTicks:X16}\"";

    public DateTimeOffset? Deleted { get; set; }

    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; set; } = [];

    /// <summary>Stored access policies by id.</summary>
    public IReadOnlyDictionary<string, StoredPolicy> Policies { get; set; } =
        new Dictionary<string, StoredPolicy>(StringComparer.Ordinal);

    /// <summary>What is written here goes under this encryption scope; null: the account's own encryption.</summary>
    public string? Scope { get; set; }

    public Lease Lease { get; } = new();

    /// <summary>The service compares names as UTF-16 code units.</summary>
    public SortedIndex<BlobEntry> Index { get; } = new(string.CompareOrdinal);

    /// <summary>Lower case, digits and single hyphens, 3 to 63 of them.</summary>
    public static bool IsValid(string name) => name is "$root" or "$web" or "$logs"
        || (name.Length is >= 3 and <= 63 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            && name.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c) || c == '-')
            && !name.Contains("--", StringComparison.Ordinal));

    /// <summary>The entry, made if it isn't there. Under the lock.</summary>
    public BlobEntry Open(string blob)
    {
        if (Index.Find(blob) is { } found)
        {
            return found;
        }

        var entry = new BlobEntry(blob);
        Index.Add(blob, entry);
        return entry;
    }

    /// <summary>Forgets an entry in which nothing is left. Under the lock.</summary>
    public void Close(BlobEntry entry)
    {
        if (entry.IsEmpty)
        {
            Index.Remove(entry.Name);
        }
    }
}
