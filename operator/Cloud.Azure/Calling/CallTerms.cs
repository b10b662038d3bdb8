using Azure.Core;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Azure.Calling;

/// <summary>What one call is limited, bounded, tried again and recorded by, whoever writes its requests: we,
/// or the SDK.</summary>
/// <param name="Operation">Service and call, such as <c>vault:WrapKey</c>, <c>arm:PutStorageAccount</c>,
/// <c>blob:PutBlobFromUrl</c>.</param>
internal abstract record CallTerms(string Operation, AzureAudience Audience)
{
    /// <summary>Whose directory the token is asked in; null: our own.</summary>
    public KeyTenancy? Tenancy { get; init; }

    /// <summary>Whether it changes anything: leave is then asked before each attempt. Null:
    /// whatever is neither GET nor HEAD does.</summary>
    public bool? Changes { get; init; }

    /// <summary>What the limiter counts by. Left out: the subscription,
    /// the vault or the account that the address names.</summary>
    public string? Bucket { get; init; }

    /// <summary>Statuses beside 2xx that are answers to the caller and not problems, such as 404 of a look.</summary>
    public IReadOnlyList<int> Accepts { get; init; } = [];

    public CallRetryPolicy RetryPolicy { get; init; } = CallRetryPolicy.Control;
}

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

/// <summary>One call of the blob service, whose request the SDK writes.</summary>
internal sealed record BlobCall(string Operation) : CallTerms(Operation, AzureAudience.Storage);
