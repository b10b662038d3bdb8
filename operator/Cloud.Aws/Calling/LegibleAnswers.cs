using System.Buffers.Text;
using System.Xml;
using Cloud.Calling;

namespace Cloud.Aws.Calling;

/// <summary>
/// S3 writes keys into its documents as they are, also with characters that XML does not have; a reader then refuses
/// the whole document, and with it an error's code or an upload's id. Such characters are blotted out here: nothing of
/// ours reads a key from there. Lists are asked for with their keys encoded, and pass untouched.
/// </summary>
/// <param name="streams">Whether a success of this request is an object's content and no document.</param>
internal sealed class LegibleAnswers(
    HttpMessageHandler wire, Func<HttpRequestMessage, bool> streams) : DelegatingHandler(wire)
{
    private const byte Blot = (byte)'?';
    private const int LongestReference = 12;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (request.Method == HttpMethod.Head
            || response.Content.Headers.ContentType?.MediaType?.EndsWith("xml", StringComparison.Ordinal) != true
            || request.RequestUri!.Query.Contains("encoding-type=url", StringComparison.Ordinal)
            || (response.IsSuccessStatusCode && streams(request)))
        {
            return response;
        }

        var told = response.Content;
        var document = await ReadAsync(response, cancellationToken);
        BlotOut(document);
        response.Content = new ByteArrayContent(document);
        foreach (var header in told.Headers.Where(header => header.Key != "Content-Length"))
        {
            response.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return response;
    }

    /// <summary>A refusal that never ends is still what its status says.</summary>
    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception endless) when (!response.IsSuccessStatusCode
            && AnswerTooLongException.ProblemOf(endless) is not null)
        {
            return [];
        }
    }

    /// <summary>Byte for byte, so that no length changes.</summary>
    internal static void BlotOut(Span<byte> document)
    {
        for (var at = 0; at < document.Length; at++)
        {
            var rest = document[at..];
            var length = rest[0] switch
            {
                (byte)'&' => ForbiddenReference(rest),
                < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r') => 1,
                0xEF when rest is [_, 0xBF, 0xBE or 0xBF, ..] => 3, // U+FFFE, U+FFFF
                _ => 0,
            };
            rest[..length].Fill(Blot);
            at += Math.Max(0, length - 1);
        }
    }

    /// <summary>How long the reference is that begins here, or 0 where it is none or a harmless one.</summary>
    private static int ForbiddenReference(ReadOnlySpan<byte> rest)
    {
        var end = rest[..Math.Min(rest.Length, LongestReference)].IndexOf((byte)';');
        if (end < 3 || rest[1] != '#')
        {
            return 0;
        }

        var isHex = rest[2] is (byte)'x' or (byte)'X';
        var digits = isHex ? rest[3..end] : rest[2..end];
        var isRead = Utf8Parser.TryParse(digits, out uint code, out var used, isHex ? 'x' : default)
            && used == digits.Length;
        return isRead && (code > 0xFFFF || XmlConvert.IsXmlChar((char)code)) ? 0 : end + 1;
    }
}
