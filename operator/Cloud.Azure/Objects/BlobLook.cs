using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>What Get Blob Properties tells of one state of a blob.</summary>
internal sealed record BlobLook(BlobProperties Properties)
{
    public const string Md5Algorithm = "MD5";

    public long Size => Properties.ContentLength;

    public string ETag => Bare(Properties.ETag);

    public string Form => BlobForm.Of(Properties.BlobType);

    /// <summary>Null where it is the account's default.</summary>
    public string? Tier => Properties is { AccessTierInferred: false, AccessTier: { Length: > 0 } tier } ? tier : null;

    /// <summary>Under an encryption scope, which is another key than its account's.</summary>
    public bool IsScoped => Properties.EncryptionScope is { Length: > 0 };

    public bool HasTags => Properties.TagCount > 0;

    /// <summary>What a copy that is not made at once is given by hand, but for the tags.</summary>
    public IDictionary<string, string> Metadata => Properties.Metadata;

    private string? Md5 => Text(Properties.ContentHash);

    public static string Bare(ETag? etag) => etag?.ToString().Trim('"') ?? "";

    public static ETag Quoted(string etag) => new($"\"{etag}\"");

    /// <summary>Of a digest, in Base64; null where there is none.</summary>
    public static string? Text(byte[]? digest) => digest is { Length: > 0 } ? Convert.ToBase64String(digest) : null;

    /// <summary>Fails with NotFound where that state is gone,
    /// with Conflict where it is no longer <paramref name="etag"/>.</summary>
    public static async Task<BlobLook> AskAsync(
        BlobSite site, BlobBaseClient blob, string? etag, CancellationToken cancellation) => new((await site.CallAsync(
        new BlobCall("blob:GetBlobProperties"),
        stop =>
            blob.GetPropertiesAsync(etag is null ? null : new BlobRequestConditions { IfMatch = Quoted(etag) }, stop),
                cancellation)).Value);

    /// <param name="keyId">The key that the account is under.</param>
    /// <param name="mostAtOnce">The longest block blob that our copies take at once.</param>
    public ObjectFacts ToFacts(string? keyId, long mostAtOnce) => new(
        Size,
        ETag,
        IsScoped ? null : keyId,
        Md5 is { } md5 && BlobForm.HasCheckedDigest(Form, Size, mostAtOnce)
            ? new Checksum(Md5Algorithm, md5, IsFullObject: true) : null,
        Kept(mostAtOnce))
    {
        HeldUntil = Properties.HasLegalHold ? DateTimeOffset.MaxValue : Properties.ImmutabilityPolicy?.ExpiresOn,
        NotCarried = [.. NoCopyHas()],
    };

    /// <param name="isDigestKept">Whether the digest is carried over as well:
    /// where the service makes none of its own.</param>
    public BlobHttpHeaders HttpHeaders(bool isDigestKept) => new()
    {
        ContentType = Properties.ContentType,
        ContentEncoding = Properties.ContentEncoding,
        ContentLanguage = Properties.ContentLanguage,
        ContentDisposition = Properties.ContentDisposition,
        CacheControl = Properties.CacheControl,
        ContentHash = isDigestKept ? Properties.ContentHash : null,
    };

    /// <summary>What is an account's or a container's to give, or ends by itself.</summary>
    private IEnumerable<string> NoCopyHas()
    {
        if (Properties.ImmutabilityPolicy?.ExpiresOn is not null)
        {
            yield return "immutabilityPolicy";
        }

        if (Properties.HasLegalHold)
        {
            yield return "legalHold";
        }

        if (IsScoped)
        {
            yield return "encryptionScope";
        }

        if (Properties.ExpiresOn != default)
        {
            yield return "expiry";
        }
    }

    /// <summary>What a copy must carry over, by header name.</summary>
    private Dictionary<string, string> Kept(long mostAtOnce)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Add("x-ms-blob-type", Form);
        Add("x-ms-access-tier", Tier);
        Add("x-ms-tag-count", HasTags ? Properties.TagCount.ToString(CultureInfo.InvariantCulture) : null);
        Add("x-ms-blob-sealed", Properties.IsSealed ? "true" : null);
        Add("x-ms-blob-sequence-number", Form == BlobForm.Page
            ? Properties.BlobSequenceNumber.ToString(CultureInfo.InvariantCulture) : null);
        Add("Content-MD5", BlobForm.HasCheckedDigest(Form, Size, mostAtOnce) ? null : Md5);
        Add("Content-Type", Properties.ContentType);
        Add("Content-Encoding", Properties.ContentEncoding);
        Add("Content-Language", Properties.ContentLanguage);
        Add("Content-Disposition", Properties.ContentDisposition);
        Add("Cache-Control", Properties.CacheControl);
        foreach (var (name, value) in Properties.Metadata)
        {
            kept[$"x-ms-meta-{name.ToLowerInvariant()}"] = value;
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
