using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>What using a key once came to: a canary that proves it, or why there is none.</summary>
/// <param name="Canary">The stored one (with a successor where the key was rotated), or a fresh one.</param>
/// <param name="Version">The version that wraps now.</param>
/// <param name="Refusal">Null where the key proved itself.</param>
/// <param name="Problem">What the cloud said, where it was the cloud that refused.</param>
internal sealed record VaultUse(Canary? Canary, string? Version, VaultJudgement? Refusal, CloudProblem? Problem = null);
