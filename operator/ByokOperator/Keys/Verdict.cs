namespace ByokOperator.Keys;

/// <summary>What one proof said. The three stay three: neither of the outer
/// two is ever guessed from the middle one.</summary>
internal enum Verdict
{
    /// <summary>Could not ask.</summary>
    Unknown,

    /// <summary>Proved by using the key on the stored canary.</summary>
    Usable,

    /// <summary>The key management service said so.</summary>
    Revoked,
}
