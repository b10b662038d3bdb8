namespace Cloud.Stores;

/// <summary>How a shared store encrypts what is written there without a word about it.</summary>
/// <param name="Algorithm">In the cloud's spelling, such as <c>aws:kms</c>.</param>
/// <param name="KeyId">As the store tells it, in whatever form; null where it names none.</param>
public sealed record SharedDefault(string Algorithm, string? KeyId, bool BucketKey)
{
    private const string Scope = "the encryption scope ";

    /// <summary>An encryption scope of Azure in place of an algorithm: nothing that a copy could be ordered
    /// under.</summary>
    public static string OfScope(string name) => Scope + name;

    public static bool IsScope(string? algorithm) => algorithm?.StartsWith(Scope, StringComparison.Ordinal) == true;
}
