using System.Globalization;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>What Get Blob Properties tells of one state of a blob.</summary>
internal sealed record BlobLook(AzureReply Reply)
{
    public const string Md5Algorithm = "MD5";

    private const string MetadataPrefix = "x-ms-meta-";

    /// <summary>By the name they are read under, and the one they are written under.</summary>
    private static readonly (string Read, string Write)[] ContentHeaders =
    [
        ("Content-Type", "x-ms-blob-content-type"),
        ("Content-Encoding", "x-ms-blob-content-encoding"),
        ("Content-Language", "x-ms-blob-content-language"),
        ("Content-Disposition", "x-ms-blob-content-disposition"),
        ("Cache-Control", "x-ms-blob-cache-control"),
    ];

    /// <summary>What is an account's or a container's to give, or ends by itself.</summary>
    private static readonly (string Header, string Name)[] NoCopyHas =
    [
        ("x-ms-immutability-policy-until-date", "immutabilityPolicy"),
        ("x-ms-legal-hold", "legalHold"),
        ("x-ms-encryption-scope", "encryptionScope"),
        ("x-ms-expiry-time", "expiry"),
    ];

    public long Size => long.Parse(Reply.Header("Content-Length") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);

    public string ETag => Bare(Reply.Header("ETag"));

    public string Form => Reply.Header("x-ms-blob-type") ?? BlobForm.Block;

    public string? Md5 => Reply.Header("Content-MD5");

    /// <summary>Null where it is the account's default.</summary>
    public string? Tier => Reply.Header("x-ms-access-tier-inferred") == "true" ? null : Reply.Header("x-ms-access-tier");

    public bool HasTags => Reply.Header("x-ms-tag-count") is { } count && count != "0";

    public bool IsSealed => Reply.Header("x-ms-blob-sealed") == "true";

    public string Sequence => Reply.Header("x-ms-blob-sequence-number") ?? "0";

    public static string Bare(string? etag) => etag?.Trim('"') ?? "";

    public static string Quoted(string etag) => $"\"{etag}\"";

    /// <summary>Fails with NotFound where that state is gone, with Conflict where it is no longer <paramref name="etag"/>.</summary>
    public static async Task<BlobLook> AskAsync(BlobSite site, Uri address, string? etag, CancellationToken cancellation) => new(await site.SendAsync(
        new AzureCall("blob:GetBlobProperties", RequestMethod.Head, address, AzureAudience.Storage) { Headers = etag is null ? [] : [("If-Match", Quoted(etag))] },
        cancellation));

    /// <param name="keyId">The key that the account is under.</param>
    /// <param name="mostAtOnce">The longest block blob that our copies take at once.</param>
    public ObjectFacts ToFacts(string? keyId, long mostAtOnce) => new(
        Size,
        ETag,
        keyId,
        Md5 is { } md5 && BlobForm.HasCheckedDigest(Form, Size, mostAtOnce) ? new Checksum(Md5Algorithm, md5, IsFullObject: true) : null,
        Kept(mostAtOnce))
    {
        NotCarried = [.. NoCopyHas.Where(one => Reply.Header(one.Header) is { Length: > 0 } value && value != "false").Select(one => one.Name)],
    };

    /// <summary>What a blob that is not copied at once has to be given by hand: content headers and metadata.</summary>
    public List<(string Name, string Value)> ToGive()
    {
        List<(string, string)> given = [];
        foreach (var (read, write) in ContentHeaders)
        {
            if (Reply.Header(read) is { Length: > 0 } value)
            {
                given.Add((write, value));
            }
        }

        given.AddRange(Reply.Headers.Where(IsMetadata).Select(header => (header.Key, header.Value)));
        return given;
    }

    private static bool IsMetadata(KeyValuePair<string, string> header) => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a copy must carry over, by header name.</summary>
    private Dictionary<string, string> Kept(long mostAtOnce)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Add("x-ms-blob-type", Form);
        Add("x-ms-access-tier", Tier);
        Add("x-ms-tag-count", HasTags ? Reply.Header("x-ms-tag-count") : null);
        Add("x-ms-blob-sealed", IsSealed ? "true" : null);
        Add("x-ms-blob-sequence-number", Form == BlobForm.Page ? Sequence : null);
        Add("Content-MD5", BlobForm.HasCheckedDigest(Form, Size, mostAtOnce) ? null : Md5);
        foreach (var (name, _) in ContentHeaders)
        {
            Add(name, Reply.Header(name));
        }

        foreach (var header in Reply.Headers.Where(IsMetadata))
        {
            kept[header.Key.ToLowerInvariant()] = header.Value;
        }

        return kept;

        void Add(string name, string? value)
        {
            if (value is { Length: > 0 })
            {
                kept[name] = value;
            }
        }
    }
}
