using Microsoft.AspNetCore.Http;

namespace Byok.Import.Serving;

/// <summary>The API's own description, for people and for generators.</summary>
public static class OpenApi
{
    private const string Resource = "Byok.Import.Serving.openapi.json";

    private static readonly byte[] document = Read();

    public static ReadOnlySpan<byte> Document => document;

    public static async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }

    private static byte[] Read()
    {
        using var stream = typeof(OpenApi).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing from the assembly");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
