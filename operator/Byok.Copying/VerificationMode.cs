namespace Byok.Copying;

/// <summary>How much a copy must prove before it counts.</summary>
public enum VerificationMode
{
    /// <summary>The stored checksums are equal where both sides keep a comparable one;
    /// else the hashes of both contents are.</summary>
    Checksum,

    /// <summary>Size and key. Sizes come from the closing listing, so that no request per object is spent.</summary>
    Metadata,
}
