namespace Cloud.Keys;

/// <summary>What a proof says (design.md, law 3).</summary>
public enum KeyVerdict
{
    /// <summary>Could not ask.</summary>
    Unknown,

    /// <summary>Proved by using the key on the stored canary.</summary>
    Usable,

    /// <summary>The key management service said that the key is not to be used, or it is not the same key.</summary>
    Revoked,
}
