using System.Collections.Concurrent;
using System.Net;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Cloud.Aws.Calling;

/// <summary>
/// The two requests that a migration makes once for each object, without the SDK's pipeline around them, which costs several times
/// what sending, signing and reading cost. Endpoints, credentials and exceptions are the SDK's; retries are <see cref="AwsCall"/>'s.
/// </summary>
internal sealed class S3Wire : IDisposable
{
    /// <summary>A copy's answer is some hundred bytes, an error's a few more; what is larger is no answer of S3's.</summary>
    private const int MaxAnswer = 64 * 1024;

    /// <summary>AWS refuses a signature that is five minutes off; well before, the server's clock is taken for ours.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(4);

    private readonly IAmazonS3 sdk;
    private readonly AWSCredentials credentials;
    private readonly S3Signer signer;
    private readonly HttpClient http;
    private readonly ConcurrentDictionary<string, Uri> endpoints = new(StringComparer.Ordinal);
    private long skewTicks;

    /// <param name="sdk">The client of the same region: it knows where a bucket is reached.</param>
    /// <param name="region">That region.</param>
    /// <param name="credentials">The same as the client's.</param>
    /// <param name="handler">The connections.</param>
    /// <param name="ownsHandler">Whether they end with this.</param>
    public S3Wire(IAmazonS3 sdk, string region, AWSCredentials credentials, HttpMessageHandler handler, bool ownsHandler)
    {
        (this.sdk, this.credentials) = (sdk, credentials);
        signer = new S3Signer(region);
        http = new HttpClient(handler, ownsHandler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswer };
    }

    /// <exception cref="AmazonS3Exception">S3 refused, or what came is no answer to this.</exception>
    public Task<S3WireAnswer> HeadAsync(string bucket, string key, string? versionId, CancellationToken cancellation) => SendAsync(
        HttpMethod.Head,
        (bucket, key, versionId is null ? "" : $"versionId={S3Path.OfValue(versionId)}"),
        [new("x-amz-checksum-mode", "ENABLED")],
        cancellation);

    /// <summary>A PUT whose answer is a document.</summary>
    /// <exception cref="AmazonS3Exception">S3 refused, also where it said 200 first; or what came is no answer to this.</exception>
    public Task<S3WireAnswer> PutAsync(string bucket, string key, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, (bucket, key, ""), headers, cancellation);

    public void Dispose() => http.Dispose();

    private async Task<S3WireAnswer> SendAsync(
        HttpMethod method, (string Bucket, string Key, string Query) target, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancellation)
    {
        var root = endpoints.TryGetValue(target.Bucket, out var known) ? known : endpoints.GetOrAdd(target.Bucket, Resolve);
        var path = $"{root.AbsolutePath.TrimEnd('/')}/{S3Path.OfKey(target.Key)}";
        for (var isFirst = true; ; isFirst = false)
        {
            using var request = await BuildAsync(root, new S3Request(method, path, target.Query, new(headers.Count + 4, StringComparer.Ordinal)), headers);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
            var document = Parsed(await answer.Content.ReadAsStringAsync(cancellation));
            if (isFirst && answer.StatusCode == HttpStatusCode.Forbidden && LearnsTime(answer))
            {
                continue; // refused for our clock, so it had no effect
            }

            var read = new S3WireAnswer(answer, document);
            var isGood = answer.IsSuccessStatusCode && (method == HttpMethod.Head || document is { Name.LocalName: not "Error" });
            return isGood ? read : throw Refusal(answer, read);
        }
    }

    private async ValueTask<HttpRequestMessage> BuildAsync(Uri root, S3Request order, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var identity = await credentials.GetCredentialsAsync();
        var at = S3Signer.Stamp(TimeProvider.System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref skewTicks)));
        order.Headers.Add("host", root.Authority);
        order.Headers.Add("x-amz-content-sha256", S3Signer.EmptyBody);
        order.Headers.Add("x-amz-date", at);
        if (identity.UseToken)
        {
            order.Headers.Add("x-amz-security-token", identity.Token);
        }

        foreach (var (name, value) in headers)
        {
            order.Headers.Add(name, value);
        }

        // A key may hold what a URI would tidy away, such as two dots between slashes; it is sent as it is signed.
        var url = $"{root.Scheme}://{root.Authority}{order.Path}{(order.Query.Length == 0 ? "" : "?")}{order.Query}";
        var request = new HttpRequestMessage(order.Method, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in order.Headers)
        {
            if (name != "host")
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.TryAddWithoutValidation("Authorization", signer.Authorize(order, identity, at));
        return request;
    }

    private Uri Resolve(string bucket) =>
        new(sdk.DetermineServiceOperationEndpoint(new GetObjectMetadataRequest { BucketName = bucket, Key = "any" }).URL);

    /// <summary>Where there is no document, as after a HEAD, the status is all that speaks.</summary>
    private static AmazonS3Exception Refusal(HttpResponseMessage answer, S3WireAnswer read)
    {
        var code = read.Text("Code") ?? (answer.IsSuccessStatusCode ? "Unreadable" : answer.StatusCode.ToString());
        return new AmazonS3Exception(
            read.Text("Message") ?? "", ErrorType.Unknown, code, read.ResponseMetadata.RequestId ?? read.Text("RequestId"), answer.StatusCode);
    }

    /// <summary>Null for what is no document. S3 keeps a long copy's connection alive with spaces before it.</summary>
    private static XElement? Parsed(string body)
    {
        try
        {
            return body.Length == 0 ? null : XElement.Parse(body.TrimStart());
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>True when the server's clock and ours are too far apart for its liking and we knew nothing of it.</summary>
    private bool LearnsTime(HttpResponseMessage answer)
    {
        if (answer.Headers.Date is not { } theirs)
        {
            return false;
        }

        var known = Interlocked.Read(ref skewTicks);
        var skew = theirs - TimeProvider.System.GetUtcNow();
        if ((skew - TimeSpan.FromTicks(known)).Duration() <= ClockTolerance)
        {
            return false;
        }

        Interlocked.Exchange(ref skewTicks, skew.Ticks);
        return true;
    }
}
