namespace ByokOperator.Keys;

/// <summary>The two clocks of a key. They are kept beside the canary, so that a restart can't set them back.</summary>
internal enum Clock
{
    /// <summary>Since when nobody could be asked.</summary>
    Unknown,

    /// <summary>Since when the answer is no.</summary>
    Revoked,
}
