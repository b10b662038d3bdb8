using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kube.Core;
using Kube.Core.Kinds;

namespace Kube.Client;

/// <summary>Turns what came back into values.</summary>
internal static class Answers
{
    /// <summary>As much of a body that is no Status (a proxy's page) as an exception message should carry.</summary>
    private const int ExcerptLength = 200;

    /// <summary>What a server says of a path that it serves the group of, but not the kind.</summary>
    private const string UnknownResource = "the server could not find the requested resource";

    public static T Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> json)
    {
        try
        {
            return JsonSerializer.Deserialize(body, json) ?? throw new JsonException("null");
        }
        catch (JsonException broken)
        {
            throw KubeException.Unreachable($"The answer is not a {typeof(T).Name}: {broken.Message}", broken);
        }
    }

    public static KubeStatus Status(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var code = (int)response.StatusCode;
        var told = TryRead(body) is { Code: > 0 } read ? read : null;
        var status = told ?? new KubeStatus { Code = code, Reason = response.ReasonPhrase, Message = Excerpt(body) };
        if (code == 404 && told is null or { Message: UnknownResource } && response.RequestMessage is { } request
            && Unserved(Path(request)) is { } unserved)
        {
            status = status with { Message = unserved };
        }

        return RetryAfterSeconds(response) is { } seconds
            ? status with { Details = (status.Details ?? new()) with { RetryAfterSeconds = seconds } }
            : status;
    }

    public static int? RetryAfterSeconds(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Retry-After", out var values)
        && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    public static KubeException Unreachable(HttpRequestMessage request, Exception failure)
    {
        var why = failure switch
        {
            OperationCanceledException => "no answer in time",
            // which says what is wrong
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError,
                InnerException: { } tls } => tls.Message,
            _ => failure.Message,
        };
        return KubeException.Unreachable($"{request.Method} {Path(request)}: {why}", failure);
    }

    private static string Path(HttpRequestMessage request)
    {
        var address = request.RequestUri;
        var path = address is { IsAbsoluteUri: true } ? address.AbsolutePath : address?.OriginalString ?? "";
        return "/" + path.TrimStart('/').Split('?')[0];
    }

    /// <summary>A kind that is not served is not an object that is not there,
    /// and "404 page not found" says neither.</summary>
    private static string? Unserved(string path) =>
        path[(path.IndexOf("/apis/", StringComparison.Ordinal) is >= 0 and var start ? start : path.Length)..]
            .Split('/') switch
        {
            ["", "apis", var group, var version, "namespaces", _, var plural, ..] => Unserved(group, version, plural),
            ["", "apis", var group, var version, var plural, ..] => Unserved(group, version, plural),
            _ => null,
        };

    private static string Unserved(string group, string version, string plural) =>
        $"the server serves no {plural} of {group}/{version}"
            + (group.Contains('.', StringComparison.Ordinal) && !group.EndsWith(".k8s.io", StringComparison.Ordinal)
                ? ": install the CRDs: kubectl apply --server-side -f crds/"
                : "");

    private static KubeStatus? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, CoreJson.Default.KubeStatus);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Excerpt(ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetString(body[..Math.Min(body.Length, ExcerptLength)]).Trim();
}
