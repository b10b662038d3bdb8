using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

/// <summary>The import API asks the API server for what its manifests grant, and for nothing else.</summary>
public sealed class ImportRightsTests
{
    private static readonly Dictionary<string, string> verbs = new()
    {
        ["GET"] = "get",
        ["WATCH"] = "watch",
        ["POST"] = "create",
        ["PATCH"] = "patch",
        ["PUT"] = "update",
        ["DELETE"] = "delete",
    };

    [Fact]
    public async Task What_its_calls_ask_for_is_what_its_roles_grant_no_more_and_no_less()
    {
        await using var desk = await Desk.OpenAsync();
        var secret = RandomNumberGenerator.GetBytes(32);
        var (token, key) = await desk.GrantedAsync();
        var before = Counts(desk);
        (await desk.GrantedAsync()).PublicKey.Dispose();
        (await desk.UploadAsync(token, key.Encrypt(secret, RSAEncryptionPadding.OaepSHA256))).EnsureSuccessStatusCode();
        await desk.UploadAsync(token, key.Encrypt(secret, RSAEncryptionPadding.OaepSHA256));
        await desk.UploadAsync(desk.BetaKey, Desk.Body(token, new byte[256]), "/!/ems/enterprises/erin/cmk/import-key");
        key.Dispose();

        // What it learns once, the names of the wrapping keys, it learned before.
        var asked = Counts(desk).Where(count => count.Value > before.GetValueOrDefault(count.Key))
            .Select(count => count.Key).Append("list secrets").ToHashSet();
        asked.ShouldBe(Granted().ToHashSet(), ignoreOrder: true);
    }

    [Fact]
    public void No_role_of_its_is_bound_in_every_namespace_or_in_the_operators() =>
        Manifests().Where(one => ((string)one["kind"]!).EndsWith("Binding", StringComparison.Ordinal))
            .Where(one => one["subjects"]!.AsArray().Any(subject => (string?)subject!["name"] == "byok-import-api"))
            .Select(one => ((string)one["kind"]!, (string?)one["metadata"]!["namespace"]))
            .ShouldBe([("RoleBinding", null)], "the kustomization puts it into byok-import");

    private static Dictionary<string, int> Counts(Desk desk) =>
        desk.Ring.Server.Counts.Select(count =>
            count.Key.Split(' ') is [var method, var plural] ? ($"{verbs[method]} {plural}", count.Value)
                : throw new FormatException(count.Key)).ToDictionary();

    private static IEnumerable<string> Granted() =>
        Manifests("rbac-own.yaml", "rbac-tenants.yaml").SelectMany(one => one["rules"]?.AsArray() ?? [])
            .SelectMany(rule =>
                Words(rule!, "resources").Where(resource => !resource.Contains('/'))
                    .SelectMany(resource => Words(rule!, "verbs").Select(verb => $"{verb} {resource}")));

    private static IEnumerable<JsonNode> Manifests(params string[] files) =>
        Directory.EnumerateFiles(Repository.PathTo("examples", "manifests", "import-api"), "*.yaml")
            .Where(path => files.Length == 0 || files.Contains(Path.GetFileName(path)))
            .SelectMany(path => Yaml.Parse(File.ReadAllText(path)));

    private static IEnumerable<string> Words(JsonNode rule, string field) =>
        rule[field]!.AsArray().Select(word => (string)word!);
}
