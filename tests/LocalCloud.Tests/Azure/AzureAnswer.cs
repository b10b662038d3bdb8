using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Shouldly;

namespace LocalCloud.Tests.Azure;

/// <summary>Status, headers and body of an answer, read to its end.</summary>
public sealed record AzureAnswer(int Status, HttpResponseHeaders Headers, HttpContentHeaders Content, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body)!;

    public XElement Xml => XElement.Parse(Text.TrimStart('\uFEFF'));

    /// <summary>Status and code, inner code too where there is one.</summary>
    public string Problem
    {
        get
        {
            if (Text.StartsWith('{'))
            {
                var error = Json["error"]!;
                return $"{Status} {error["code"]} {error["innererror"]?["code"]}".TrimEnd();
            }

            var code = Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.First() : "";
            return $"{Status} {code}".TrimEnd();
        }
    }

    public static async Task<AzureAnswer> Of(HttpResponseMessage answer)
    {
        using (answer)
        {
            return new AzureAnswer((int)answer.StatusCode, answer.Headers, answer.Content.Headers,
                answer.RequestMessage?.Method == HttpMethod.Head ? [] : await answer.Content.ReadAsByteArrayAsync());
        }
    }

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || Content.TryGetValues(name, out values) ? string.Join(',', values)
            : null;

    public AzureAnswer Expect(int status)
    {
        Status.ShouldBe(status, Text + " " + Header("x-ms-error-code"));
        return this;
    }
}
