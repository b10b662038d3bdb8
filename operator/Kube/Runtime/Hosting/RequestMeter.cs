using System.Net.Http.Headers;

namespace Kube.Runtime.Hosting;

/// <summary>Counts requests to the API server by verb and status code, and traces them.
/// Put it into the client's pipeline.</summary>
public sealed class RequestMeter(TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var verb = VerbOf(request);
        var started = time.GetTimestamp();
        using var span = RuntimeTraces.Request(verb, request.RequestUri);
        var code = 0; // stays so when no answer came
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            code = (int)response.StatusCode;
            return response;
        }
        finally
        {
            RuntimeMetrics.Requested(verb, code, time.GetElapsedTime(started));
            RuntimeTraces.Answered(span, code);
        }
    }

    /// <summary>The verb as RBAC and the audit log call it, and "apply" for a server-side apply.</summary>
    internal static string VerbOf(HttpRequestMessage request)
    {
        var query = request.RequestUri?.OriginalString is { } address
            && address.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0
            ? address[mark..]
            : "";
        return request.Method.Method switch
        {
            "GET" when query.Contains("watch=true", StringComparison.Ordinal) => "watch",
            "GET" when query.Contains("limit=", StringComparison.Ordinal) => "list",
            "GET" => "get",
            "PATCH" when IsApply(request.Content?.Headers.ContentType) => "apply",
            "PATCH" => "patch",
            "POST" => "create",
            "DELETE" => "delete",
            _ => "other",
        };
    }

    private static bool IsApply(MediaTypeHeaderValue? type) =>
        type?.MediaType?.StartsWith("application/apply-patch", StringComparison.Ordinal) ?? false;
}
