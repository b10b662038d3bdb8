namespace LocalCloud.Azure;

/// <summary>An answer that is an error, with the code and status the real service uses.
/// Each protocol writes it in its own way.</summary>
internal sealed class AzureProblem(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Key Vault's innererror code.</summary>
    public string? Inner { get; init; }

    /// <summary>Response headers that belong to the error, such as Retry-After.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Further elements of a Blob error document; ARM's <c>target</c>.</summary>
    public IReadOnlyList<(string Name, string Value)> Details { get; init; } = [];
}
