using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FakeApiServer;

namespace Fuzz.Cluster;

/// <summary>The real client's requests, answered without a socket.</summary>
internal sealed class ApiWire(ApiServerCore server) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var (code, body) = server.Answer(await AskedAsync(request, cancellationToken));
            return Of(code, body);
        }
        catch (ApiError error)
        {
            return Of(error.Code, Texts.Of(error.ToStatus()));
        }
        catch (JsonException broken)
        {
            return Of(400, Texts.Of(ApiError.BadRequest(broken.Message).ToStatus()));
        }
        catch (Exception unmergeable)
            when (unmergeable is InvalidOperationException or ArgumentException or NullReferenceException
                or FormatException)
        {
            // What stands there no real server would have taken; one that can't go on says so.
            return Of(500, Texts.Of(new ApiError(500, "InternalError", unmergeable.Message).ToStatus()));
        }
    }

    private static async Task<ApiRequest> AskedAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        var query = message.RequestUri!.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        var content = message.Content is { } given ? await given.ReadAsByteArrayAsync(cancellation) : [];
        return new ApiRequest(message.Method.Method, message.RequestUri.AbsolutePath.Trim('/').Split('/'),
            name => query.GetValueOrDefault(name))
        {
            ContentType = message.Content?.Headers.ContentType?.MediaType,
            Agent = "fuzz",
            MetadataOnly = message.Headers.Accept.Any(accept => accept.Parameters.Any(one => one.Name == "as")),
            Body = content.Length == 0 ? null : JsonNode.Parse(content),
        };
    }

    private static HttpResponseMessage Of(int code, byte[] body) =>
        new((HttpStatusCode)code) { Content = new ByteArrayContent(body) };
}
