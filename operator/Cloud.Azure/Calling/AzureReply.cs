
namespace Cloud.Azure.Calling;

/// <summary>An answer that the caller asked to see: 2xx, or a status it accepts.</summary>
internal sealed class AzureReply(int status, IReadOnlyDictionary<string, string> headers, CallRecord evidence)
{
    public int Status { get; } = status;

    /// <summary>By name, in any case. A header that stands twice has its values joined with commas.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    public CallRecord Evidence { get; } = evidence;

    public BinaryData Body { get; init; } = BinaryData.Empty;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
