namespace Cloud.Calling;

/// <summary>
/// A wire whose answers end. SDKs read documents whole into memory, however long they are: what is longer than any
/// service's own breaks off with an <see cref="AnswerTooLongException"/>.
/// </summary>
/// <param name="wire">What is bounded.</param>
/// <param name="streams">Whether whoever asked reads a success of this request bit by bit.</param>
internal sealed class BoundedAnswers(
    HttpMessageHandler wire, Func<HttpRequestMessage, bool> streams) : DelegatingHandler(wire)
{
    /// <summary>A page of 1,000 versions, each key as long as S3 takes it and every letter escaped, is 7 MB;
    /// nothing else comes near.</summary>
    public const int MostBytes = 16 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        // What a HEAD says of a length is the object's: nothing of it follows.
        if (request.Method == HttpMethod.Head || (response.IsSuccessStatusCode && streams(request)))
        {
            return response;
        }

        var told = response.Content;
        if (told.Headers.ContentLength > MostBytes)
        {
            response.Dispose();
            throw new AnswerTooLongException(MostBytes);
        }

        response.Content =
            new StreamContent(new BoundedStream(await told.ReadAsStreamAsync(cancellationToken), MostBytes));
        foreach (var header in told.Headers)
        {
            response.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return response;
    }
}
