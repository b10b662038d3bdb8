using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace ByokOperator.Tests.Importing.Contract;

/// <summary>What was called and what came back, to the letter: status, headers, body. Only what is drawn by lot or
/// comes from a clock stands as its name.</summary>
internal sealed partial class Transcript
{
    /// <summary>Of the moment, or of how the bytes travel.</summary>
    private static readonly string[] Passing = ["Date", "Transfer-Encoding", "Content-Length"];

    private readonly StringBuilder text = new();

    public async Task<string> AddAsync(string what, HttpResponseMessage answer)
    {
        using (answer)
        {
            var body = await answer.Content.ReadAsStringAsync();
            text.Append("### ").AppendLine(what)
                .Append(answer.RequestMessage!.Method).Append(' ')
                .AppendLine(answer.RequestMessage.RequestUri!.AbsolutePath)
                .Append((int)answer.StatusCode).Append('\n');
            foreach (var (name, values) in Headers(answer.Headers).Concat(Headers(answer.Content.Headers))
                .OrderBy(header => header.Name, StringComparer.Ordinal))
            {
                text.Append(name).Append(": ").AppendLine(values);
            }

            text.AppendLine(Named(body)).AppendLine();
            return body;
        }
    }

    public override string ToString() => text.Replace("\r\n", "\n").ToString();

    private static IEnumerable<(string Name, string Values)> Headers(HttpHeaders headers) =>
        headers.NonValidated.Where(header => !Passing.Contains(header.Key))
            .Select(header => (header.Key, string.Join(", ", header.Value)));

    private static string Named(string body) =>
        body.Contains("\"openapi\"", StringComparison.Ordinal) ? "(the description)"
            : Id()
                .Replace(Token().Replace(Pem().Replace(Call().Replace(body, "urn:uuid:CALL"), "PEM"), "TOKEN"),
                    "\"ID\"");

    [GeneratedRegex("urn:uuid:[0-9a-f]{32}")]
    private static partial Regex Call();

    [GeneratedRegex("-----BEGIN PUBLIC KEY-----[^\"]+-----END PUBLIC KEY-----\\\\n")]
    private static partial Regex Pem();

    [GeneratedRegex("[0-9a-f]{16}\\.[A-Za-z0-9_-]{43}")]
    private static partial Regex Token();

    [GeneratedRegex("\"[0-9a-f]{16}\"")]
    private static partial Regex Id();
}
