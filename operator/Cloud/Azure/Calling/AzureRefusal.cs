using System.Globalization;
using System.Text.Json;
using System.Xml;
using Azure.Core;

namespace Cloud.Azure.Calling;

/// <summary>Reads what a service refused with: JSON of Resource Manager and Key Vault, XML of Blob, or a header alone.</summary>
internal static class AzureRefusal
{
    /// <summary>Errors are shorter; a proxy's page is not.</summary>
    private const int LongestBody = 64 * 1024;

    public static async Task<CloudProblem> ReadAsync(HttpMessage message, CancellationToken cancellation)
    {
        var response = message.Response;
        var (code, text) = Parse(await BodyAsync(message, cancellation));
        if (response.Headers.TryGetValue("x-ms-error-code", out var named))
        {
            code = named;
        }

        return AzureProblems.From(response.Status, code, text, RetryAfter(response.Headers));
    }

    /// <summary>Code and message; both null where the body is neither.</summary>
    public static (string? Code, string? Message) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return FirstByte(body.Span) switch
            {
                (byte)'{' => Json(body),
                (byte)'<' => Xml(body),
                _ => (null, null),
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or XmlException or InvalidOperationException)
        {
            return (null, null);
        }
    }

    private static byte FirstByte(ReadOnlySpan<byte> body)
    {
        foreach (var one in body)
        {
            if (one is not (0xEF or 0xBB or 0xBF or (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t'))
            {
                return one;
            }
        }

        return 0;
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
        if (error.TryGetProperty("innererror", out var inner) && inner.ValueKind == JsonValueKind.Object && Text(inner, "code") is { } finer)
        {
            code = finer;
        }

        return (code, Text(error, "message"));
    }

    private static (string? Code, string? Message) Xml(ReadOnlyMemory<byte> body)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using var reader = XmlReader.Create(new MemoryStream(body.ToArray(), writable: false), settings);
        string? code = null, message = null;
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, Name: "Code", Depth: 1 })
            {
                code = reader.ReadString();
            }
            else if (reader is { NodeType: XmlNodeType.Element, Name: "Message", Depth: 1 })
            {
                message = reader.ReadString();
            }
        }

        return (code, message);
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpMessage message, CancellationToken cancellation)
    {
        if (message.Response.ContentStream is not { } content)
        {
            return default;
        }

        var buffer = new byte[LongestBody];
        var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return buffer.AsMemory(0, length);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static TimeSpan? RetryAfter(ResponseHeaders headers) =>
        headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
