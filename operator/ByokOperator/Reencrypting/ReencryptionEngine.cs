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

    /// <summary>The store moves to its next bucket, with every version. Nothing is written over: no object's time, and
    /// no version's id, is what it was.</summary>
    Move,
}
