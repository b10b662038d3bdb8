using System.Globalization;
using System.Text.Json;
using System.Xml;
using Azure;
using Azure.Core;

namespace Cloud.Azure.Calling;

/// <summary>Reads what a service refused with: JSON of Resource Manager and Key Vault,
/// what the SDK understands of Blob, or a header alone.</summary>
internal static class AzureRefusal
{
    /// <summary>Errors are shorter; a proxy's page is not.</summary>
    private const int LongestBody = 64 * 1024;

    public static async ValueTask<CloudProblem> ReadAsync(Response response, CallAttempt attempt)
    {
        await HoldAsync(response, attempt.Cancellation);
        var (code, text) = attempt.Terms.Audience is AzureAudience.Storage or AzureAudience.None ? OfBlob(response)
            : Parse(response.Content.ToMemory());
        if (response.Headers.TryGetValue("x-ms-error-code", out var named))
        {
            code = named;
        }

        return AzureProblems.From(response.Status, code, text, RetryAfter(response.Headers));
    }

    /// <summary>Code and message of JSON; both null where the body is none.</summary>
    public static (string? Code, string? Message) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return body.Length > 0 ? Json(body) : (null, null);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return (null, null);
        }
    }

    /// <summary>A refusal in place of a content that was to be read as it comes is not in memory yet.</summary>
    private static async ValueTask HoldAsync(Response response, CancellationToken cancellation)
    {
        if (response.ContentStream is not { CanSeek: false } content)
        {
            return;
        }

        var buffer = new byte[LongestBody];
        var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        await content.DisposeAsync();
        response.ContentStream = new MemoryStream(buffer, 0, length, writable: false, publiclyVisible: true);
    }

    /// <summary>
    /// As the SDK reads it. Its message begins with the service's own and goes on with status, content and headers;
    /// where it finds no code, what it says is its own.
    /// </summary>
    private static (string? Code, string? Message) OfBlob(Response response)
    {
        try
        {
            var refused = new RequestFailedException(response);
            return refused.ErrorCode is { Length: > 0 } code && response.ContentStream is { Length: > 0 }
                ? (code, refused.Message.Split("\nStatus: ", 2)[0])
                : (null, null);
        }
        catch (Exception unreadable)
            when (unreadable is XmlException or JsonException or InvalidOperationException or KeyNotFoundException
                or NullReferenceException)
        {
            return (null, null);
        }
    }

    /// <summary>The innermost code says most: Key Vault's outer one is only <c>Forbidden</c>.</summary>
    private static (string? Code, string? Message) Json(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        if (!document.RootElement.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
        {
            return (null, null);
        }

        var code = Text(error, "code");
        if (error.TryGetProperty("innererror", out var inner) && inner.ValueKind == JsonValueKind.Object
            && Text(inner, "code") is { } finer)
        {
            code = finer;
        }

        return (code, Text(error, "message"));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()
            : null;

    private static TimeSpan? RetryAfter(ResponseHeaders headers) =>
        headers.TryGetValue("Retry-After", out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
