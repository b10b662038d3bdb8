using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Cloud.Aws;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cloud.Tests.Aws;

/// <summary>Answers the SDK's requests from a function, and keeps what was asked.</summary>
internal sealed class ScriptedWire(Func<WireRequest, HttpResponseMessage> answer) : HttpMessageHandler
{
    public ConcurrentQueue<WireRequest> Requests { get; } = new();

    public static HttpResponseMessage Json(int status, string body) =>
        Answer((HttpStatusCode)status, body, "application/x-amz-json-1.1");

    public static HttpResponseMessage Xml(int status, string body) =>
        Answer((HttpStatusCode)status, body, "application/xml");

    public static HttpResponseMessage S3Error(int status, string code) =>
        Xml(status, $"<Error><Code>{code}</Code><Message>{code} said</Message></Error>");

    public static HttpResponseMessage KmsError(string code, string message = "no", int status = 400) =>
        Json(status, $$"""{"__type":"{{code}}","message":"{{message}}"}""");

    public AwsCloud Cloud(TimeProvider? time = null, Func<AwsOptions, AwsOptions>? change = null, Action? leave = null)
    {
        var options = new AwsOptions
        {
            AccessKey = new AwsAccessKey("AKIATEST", "not-a-secret"),
            OperatorRoleArn = "arn:aws:iam::111111111111:role/byok-operator",
            KmsEndpoint = "http://kms.test",
            S3Endpoint = "http://s3.test",
            StsEndpoint = "http://sts.test",
            Transport = this,
        };
        return AwsCloud.Create(change?.Invoke(options) ?? options, time ?? SkippingTime.OnlyPauses(),
            NullLoggerFactory.Instance, leave);
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var seen = new WireRequest(request.Method.Method, request.RequestUri!, Headers(request), body);
        Requests.Enqueue(seen);
        var response = answer(seen);
        response.RequestMessage = request;
        return response;
    }

    private static Dictionary<string, string> Headers(HttpRequestMessage request) => request.Headers
        .Concat(request.Content?.Headers.AsEnumerable() ?? [])
        .ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);

    private static HttpResponseMessage Answer(HttpStatusCode status, string body, string type)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
        response.Headers.Add("x-amz-request-id", "REQ1");
        response.Headers.Add("x-amzn-RequestId", "REQ1");
        return response;
    }
}
