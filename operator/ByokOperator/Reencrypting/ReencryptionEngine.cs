namespace ByokOperator.Reencrypting;

/// <summary>How what stands in a bucket is put under another key.</summary>
internal enum ReencryptionEngine
{
    /// <summary>Each version's data key is wrapped anew: nothing moves, and nobody sees a difference.
    /// Under keys of the bucket's own account.</summary>
    Update,

    /// <summary>Each object is written over with itself, where no versions are kept.
    /// Its time is that of the copy.</summary>
    Copy,
}
