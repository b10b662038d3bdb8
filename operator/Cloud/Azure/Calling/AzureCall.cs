using Azure.Core;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Azure.Calling;

/// <summary>One request: what is sent, and what to limit, bound, retry and record it by.</summary>
/// <param name="Operation">Service and call, such as <c>vault:WrapKey</c>, <c>arm:PutStorageAccount</c>, <c>blob:PutBlobFromUrl</c>.</param>
/// <param name="Uri">Whole, with the API version where the service takes it in the query. A signature in it is never logged.</param>
internal sealed record AzureCall(string Operation, RequestMethod Method, Uri Uri, AzureAudience Audience)
{
    /// <summary>Whose directory the token is asked in; null: our own.</summary>
    public KeyTenancy? Tenancy { get; init; }

    /// <summary>Whether it changes anything: leave is then asked before each attempt. Left out: whatever is neither GET nor HEAD.</summary>
    public bool Changes { get; init; } = Method != RequestMethod.Get && Method != RequestMethod.Head;

    /// <summary>Content headers (<c>Content-Type</c>…) may stand here too. Blob's <c>x-ms-version</c> is added.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Null: none. Empty: a body of zero bytes, which a PUT to Blob needs.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>What the limiter counts by. Left out: the subscription, the vault or the account that the address names.</summary>
    public string? Bucket { get; init; }

    /// <summary>Statuses beside 2xx that are answers to the caller and not problems, such as 404 of a look.</summary>
    public IReadOnlyList<int> Accepts { get; init; } = [];

    /// <summary>The reply's body is read by the caller as it comes, who disposes of the reply; else it is in memory.</summary>
    public bool StreamsReply { get; init; }

    public CallPatience Patience { get; init; } = CallPatience.Control;

    /// <summary>Never the query: it may carry a signature.</summary>
    public override string ToString() => $"{Operation} {Method} {Uri.GetLeftPart(UriPartial.Path)}";
}
