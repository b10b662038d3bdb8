using Azure.Storage.Blobs.Models;

namespace Cloud.Azure.Objects;

/// <summary>How a blob is built, in the service's own words; each is copied in its own way.</summary>
internal static class BlobForm
{
    public const string Block = "BlockBlob";
    public const string Append = "AppendBlob";
    public const string Page = "PageBlob";

    /// <summary>What Put Blob From URL takes at once.</summary>
    public const long MostAtOnce = 5000L << 20;

    /// <param name="type">Null where nothing is said.</param>
    public static string Of(BlobType? type) => type switch
    {
        BlobType.Append => Append,
        BlobType.Page => Page,
        _ => Block,
    };

    /// <param name="tier">Null or empty where it is the account's default.</param>
    public static AccessTier? Tier(string? tier) =>
        string.IsNullOrEmpty(tier) ? default(AccessTier?) : new AccessTier(tier);

    /// <summary>
    /// Whether a Content-MD5 is proof of the bytes. Of such a blob our copies carry one only where the service held the
    /// bytes against it; of all others it is what a client once said.
    /// </summary>
    public static bool HasCheckedDigest(string form, long size, long mostAtOnce = MostAtOnce) =>
        form == Block && size <= mostAtOnce;
}
