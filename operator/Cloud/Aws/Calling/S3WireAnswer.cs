using System.Net.Http.Headers;
using System.Xml.Linq;
using Amazon.Runtime;

namespace Cloud.Aws.Calling;

/// <summary>What S3 answered to a request that it fulfilled.</summary>
internal sealed class S3WireAnswer : AmazonWebServiceResponse
{
    private readonly HttpResponseHeaders head;
    private readonly HttpContentHeaders content;

    private readonly XElement? document;

    public S3WireAnswer(HttpResponseMessage answer, XElement? document)
    {
        (head, content, this.document) = (answer.Headers, answer.Content.Headers, document);
        HttpStatusCode = answer.StatusCode;
        ContentLength = content.ContentLength ?? 0;
        ResponseMetadata = new ResponseMetadata { RequestId = this["x-amz-request-id"] };
    }

    /// <summary>Null where the header is missing or empty.</summary>
    public string? this[string header] =>
        (head.NonValidated.TryGetValues(header, out var found) || content.NonValidated.TryGetValues(header, out found)) && found.ToString() is { Length: > 0 } value
            ? value
            : null;

    /// <summary>What the document says under that name; null where it says nothing or there is none.</summary>
    public string? Text(string element) => document?.Elements().FirstOrDefault(child => child.Name.LocalName == element)?.Value is { Length: > 0 } value ? value : null;

    /// <summary>The headers that begin so, by name.</summary>
    public IEnumerable<KeyValuePair<string, string>> Beginning(string prefix) => head.NonValidated
        .Where(header => header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        .Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value.ToString()));
}
