using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Byok.Import.Serving;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

/// <summary>The API's description is what the API does.</summary>
public sealed partial class OpenApiTests
{
    private static readonly JsonObject document = JsonNode.Parse(OpenApi.Document)!.AsObject();

    [Fact]
    public void Every_path_is_described_with_its_method_and_no_other_is()
    {
        var described = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key} {path.Key}"));
        described.Order().ShouldBe(
            ImportServer.RequestPaths.Select(path => $"put {path}")
                .Concat(ImportServer.UploadPaths.Select(path => $"post {path}"))
                .Append($"get {ImportServer.DescriptionPath}").Order());
    }

    [Fact]
    public async Task Every_described_call_is_served_and_wants_an_API_key_where_it_says_so()
    {
        await using var desk = await Desk.OpenAsync();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()),
                    Placeholder().Replace(path, "some"));
                using var answer = await desk.Http.SendAsync(request);
                ((int)answer.StatusCode)
                    .ShouldBe(operation!["security"] is JsonArray { Count: 0 } ? 200 : 401, $"{method} {path}");
            }
        }

        (await desk.Http.GetStringAsync(ImportServer.DescriptionPath))
            .ShouldBe(System.Text.Encoding.UTF8.GetString(OpenApi.Document));
    }

    [Fact]
    public void Every_answer_that_says_no_is_described_under_its_status()
    {
        var calls = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())
            .Where(method => method.Key != "get").Select(method => method.Value!["responses"]!.AsObject()).ToList();
        foreach (var problem in ImportProblem.All)
        {
            calls.Select(responses => responses[$"{problem.Status}"]).OfType<JsonNode>().Select(Description)
                .Any(text => Regex.IsMatch(text, $@"(^|[^-\w]){problem.Slug}($|[^-\w])"))
                .ShouldBeTrue($"{problem.Status} {problem.Slug}");
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere() =>
        Reference().Matches(document.ToJsonString()).Select(found => found.Groups[1].Value).Distinct()
            .Where(path => path.Split('/').Aggregate((JsonNode?)document, (node, step) => node?[step]) is null)
            .ShouldBeEmpty();

    [Fact]
    public void The_page_in_words_names_every_path_and_every_problem()
    {
        var page = File.ReadAllText(Api.Repository.PathTo("docs", "import-api.md"));
        ImportServer.RequestPaths.Concat(ImportServer.UploadPaths).Append(ImportServer.DescriptionPath)
            .Where(path => !page.Contains(path, StringComparison.Ordinal)).ShouldBeEmpty();
        ImportProblem.All.Where(problem => !page.Contains($"`{problem.Slug}`", StringComparison.Ordinal))
            .Select(problem => problem.Slug).ShouldBeEmpty();
    }

    private static string Description(JsonNode response) =>
        (string)(response["$ref"] is { } reference
            ? document["components"]!["responses"]![((string)reference!).Split('/')[^1]]! : response)["description"]!;

    [GeneratedRegex("\\{[a-z]+\\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("\"\\$ref\":\"#/([^\"]+)\"")]
    private static partial Regex Reference();
}
