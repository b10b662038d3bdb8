
namespace Cloud.Azure.Calling;

/// <summary>An answer that the caller asked to see: 2xx, or a status it accepts.</summary>
internal sealed class AzureReply(int status, IReadOnlyDictionary<string, string> headers, CallRecord evidence) : IDisposable
{
    public int Status { get; } = status;

    /// <summary>By name, in any case. A header that stands twice has its values joined with commas.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    public CallRecord Evidence { get; } = evidence;

    /// <summary>Empty where the reply is streamed.</summary>
    public BinaryData Body { get; init; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>The body as it comes; null where the call did not ask for that.</summary>
    public Stream? Content { get; init; }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public void Dispose() => Content?.Dispose();
}
