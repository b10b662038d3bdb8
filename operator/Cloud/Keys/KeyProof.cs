namespace Cloud.Keys;

/// <summary>The outcome of using the key. Problems with the key are values here, never exceptions.</summary>
/// <param name="Reason">CamelCase and stable: <c>Proved</c>, <c>KeyDisabled</c>, <c>KeyPendingDeletion</c>,
/// <c>KeyNotFound</c>, <c>KeyReplaced</c>, <c>AccessDenied</c>, <c>Throttled</c>, <c>Unreachable</c>,
/// <c>OwnCredentials</c>, ...</param>
/// <param name="Canary">The stored canary, or a new one where none was given and the key made one;
/// with a successor where the key was rotated.</param>
/// <param name="MissingActions">Permissions that the probe showed to be missing, such as <c>kms:Decrypt</c>.</param>
public sealed record KeyProof(
    KeyVerdict Verdict,
    string Reason,
    string Message,
    Canary? Canary,
    IReadOnlyList<string> MissingActions,
    IReadOnlyList<CallRecord> Evidence)
{
    /// <summary>The version that is current, where keys have versions: new data goes under it.</summary>
    public string? Version { get; init; }

    /// <summary>Permissions that the probe showed us to have and that we don't need.</summary>
    public IReadOnlyList<string> ExcessActions { get; init; } = [];
}

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
