using Azure.Core;

namespace Cloud.Azure.Calling;

/// <summary>One call whose request is written by hand: Resource Manager's, and Key Vault's.</summary>
/// <param name="Uri">Whole, with the API version where the service takes it in the query.
/// A signature in it is never logged.</param>
internal sealed record AzureCall(
    string Operation, RequestMethod Method, Uri Uri, AzureAudience Audience) : CallTerms(Operation, Audience)
{
    /// <summary>Content headers (<c>Content-Type</c>…) may stand here too.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Null: none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Never the query: it may carry a signature.</summary>
    public override string ToString() => $"{Operation} {Method} {Uri.GetLeftPart(UriPartial.Path)}";
}
