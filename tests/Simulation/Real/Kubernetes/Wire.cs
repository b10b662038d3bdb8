using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FakeApiServer;
using Simulation.Real.Clouds;

namespace Simulation.Real.Kubernetes;

/// <summary>The way from one process to the API server: the real client's requests, answered without a socket,
/// or not.</summary>
internal sealed class Wire(ApiServerCore server, Func<HttpRequestMessage, Striking> weather) : HttpMessageHandler
{
    /// <summary>A bug hears something else than was said.</summary>
    public Func<HttpRequestMessage, byte[], byte[]>? Heard { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var striking = weather(request);
        await striking.BeforeAsync(cancellationToken);
        var response = await AnswerAsync(request, cancellationToken);
        striking.After();
        return striking.IsNonsense ? Of((int)response.StatusCode, "{\"items\":["u8.ToArray()) : response;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        try
        {
            var (code, body) = server.Answer(await AskedAsync(message, cancellation));
            return Of(code, Heard?.Invoke(message, body) ?? body);
        }
        catch (ApiError error)
        {
            return Of(error.Code, Texts.Of(error.ToStatus()));
        }
        catch (JsonException broken)
        {
            return Of(400, Texts.Of(ApiError.BadRequest(broken.Message).ToStatus()));
        }
    }

    private static async Task<ApiRequest> AskedAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        var query = Query(message.RequestUri!.Query);
        var content = message.Content is { } given ? await given.ReadAsByteArrayAsync(cancellation) : [];
        return new ApiRequest(message.Method.Method, message.RequestUri.AbsolutePath.Trim('/').Split('/'),
            name => query.GetValueOrDefault(name))
        {
            ContentType = message.Content?.Headers.ContentType?.MediaType,
            Agent = "simulation",
            MetadataOnly = message.Headers.Accept.Any(accept => accept.Parameters.Any(one => one.Name == "as")),
            Body = content.Length == 0 ? null : JsonNode.Parse(content),
        };
    }

    private static Dictionary<string, string> Query(string text)
    {
        var found = new Dictionary<string, string>();
        foreach (var pair in text.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            found[pair[..at]] = Uri.UnescapeDataString(pair[(at + 1)..]);
        }

        return found;
    }

    private static HttpResponseMessage Of(int code, byte[] body) =>
        new((HttpStatusCode)code) { Content = new ByteArrayContent(body) };
}
