namespace Cloud.Azure.Objects;

/// <summary>How a blob is built, in the service's own words; each is copied in its own way.</summary>
internal static class BlobForm
{
    public const string Block = "BlockBlob";
    public const string Append = "AppendBlob";
    public const string Page = "PageBlob";

    /// <summary>What Put Blob From URL takes at once.</summary>
    public const long MostAtOnce = 5000L << 20;

    /// <summary>
    /// Whether a Content-MD5 is proof of the bytes. Of such a blob our copies carry one only where the service held the bytes
    /// against it; of all others it is what a client once said.
    /// </summary>
    public static bool HasCheckedDigest(string form, long size, long mostAtOnce = MostAtOnce) => form == Block && size <= mostAtOnce;
}
