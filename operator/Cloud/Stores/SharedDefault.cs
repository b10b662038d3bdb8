namespace Cloud.Stores;

/// <summary>How a shared store encrypts what is written there without a word about it.</summary>
/// <param name="Algorithm">In the cloud's spelling, such as <c>aws:kms</c>.</param>
/// <param name="KeyId">As the store tells it, in whatever form; null where it names none.</param>
public sealed record SharedDefault(string Algorithm, string? KeyId, bool BucketKey);
