using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Fuzz.Clouds;

/// <summary>A cloud without a socket: what an SDK sends comes to the cloud's front door, and what the door says comes
/// back, or what a liar makes of it.</summary>
/// <param name="door">The cloud.</param>
/// <param name="liar">Null: nobody lies.</param>
internal sealed class MemoryWire(Func<HttpContext, Task> door, Liar? liar) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = Operation.Of(request);
        if (liar?.Refuse(operation) is { } refusal)
        {
            refusal.RequestMessage = request;
            return refusal;
        }

        var http = await AskedAsync(request, cancellationToken);
        var body = new MemoryStream();
        http.Response.Body = body;
        Enter(http);
        if (http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>() is Connection { IsReset: true })
        {
            throw new HttpRequestException("the connection was reset");
        }

        var (status, told) = liar?.Bend(operation, http.Response.StatusCode, body.ToArray())
            ?? (http.Response.StatusCode, body.ToArray());
        return Answered(request, http.Response.Headers, status, told);
    }

    /// <summary>The cloud may wait for its disk. Nobody else does anything meanwhile,
    /// so that a seed goes the same way twice.</summary>
    private void Enter(HttpContext http)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            door(http).GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static async Task<DefaultHttpContext> AskedAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        var address = message.RequestUri!;
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(new Connection());
        var request = http.Features.GetRequiredFeature<IHttpRequestFeature>();
        (request.Method, request.Scheme, request.Path, request.QueryString) =
            (message.Method.Method, address.Scheme, Uri.UnescapeDataString(address.AbsolutePath), address.Query);
        request.RawTarget = address.PathAndQuery;
        foreach (var header in message.Headers.Concat(message.Content?.Headers.AsEnumerable() ?? []))
        {
            request.Headers[header.Key] = string.Join(',', header.Value);
        }

        request.Headers.Host = address.Authority;
        var content = message.Content is null ? [] : await message.Content.ReadAsByteArrayAsync(cancellation);
        request.Headers.ContentLength = message.Content is null ? null : content.Length;
        request.Body = new MemoryStream(content, writable: false);
        return http;
    }

    private static HttpResponseMessage Answered(
        HttpRequestMessage request, IHeaderDictionary headers, int status, byte[] body)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(body),
        };
        foreach (var header in headers.Where(header => header.Key is not "Content-Length"))
        {
            if (!answer.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
            {
                answer.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
            }
        }

        return answer;
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public bool IsReset { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsReset = true;
    }
}
