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
        var status = TryRead(body) is { Code: > 0 } told
            ? told
            : new KubeStatus { Code = code, Reason = response.ReasonPhrase, Message = Excerpt(body) };
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
        var why = failure is OperationCanceledException ? "no answer in time" : failure.Message;
        return KubeException.Unreachable($"{request.Method} {Path(request)}: {why}", failure);
    }

    private static string Path(HttpRequestMessage request)
    {
        var address = request.RequestUri;
        var path = address is { IsAbsoluteUri: true } ? address.AbsolutePath : address?.OriginalString ?? "";
        return "/" + path.TrimStart('/').Split('?')[0];
    }

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
