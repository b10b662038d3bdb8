using Azure.Core;
using Azure.Core.Pipeline;

namespace Cloud.Azure.Objects;

/// <summary>
/// Blanks the prefix that a listing repeats. The service encodes names that XML can't hold and says so, but gives the
/// prefix back as it was asked for; the SDK then reads nothing of the page, and wants nothing of the prefix.
/// </summary>
internal sealed class PrefixEcho : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (message.Response is { Status: 200, ContentStream: MemoryStream page }
            && message.Request.Uri.Query.Contains("comp=list", StringComparison.Ordinal))
        {
            Blank(page.GetBuffer().AsSpan(0, (int)page.Length));
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("only asked asynchronously");

    /// <summary>The first of that name: it stands before all blobs. What is in it is escaped,
    /// so it ends where it seems to.</summary>
    internal static void Blank(Span<byte> page)
    {
        if (page.IndexOf("<Prefix>"u8) is >= 0 and var start
            && page[start..].IndexOf("</Prefix>"u8) is >= 0 and var length)
        {
            page.Slice(start + "<Prefix>"u8.Length, length - "<Prefix>"u8.Length).Fill((byte)' ');
        }
    }
}
