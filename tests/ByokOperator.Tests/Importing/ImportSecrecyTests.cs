using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Tests.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

/// <summary>After imports that went well and imports that went wrong, nothing that can be read holds any of the
/// secrets, nor what opens them.</summary>
public sealed class ImportSecrecyTests
{
    [Fact]
    public async Task No_answer_no_log_line_and_no_object_in_the_cluster_holds_a_secret_in_any_form()
    {
        await using var desk = await Desk.OpenAsync();
        var secrets = Enumerable.Range(0, 6).Select(_ => RandomNumberGenerator.GetBytes(32)).ToList();
        var answers = new List<string>();
        var tokens = new List<string>();
        foreach (var secret in secrets)
        {
            var (token, key) = await desk.GrantedAsync();
            tokens.Add(token);
            using var other = RSA.Create(2048);
            foreach (var body in new[]
            {
                Desk.Body(token, key.Encrypt([.. secret, 10], RSAEncryptionPadding.OaepSHA256)),
                Desk.Body(token, other.Encrypt(secret, RSAEncryptionPadding.OaepSHA256)),
                Desk.Body(token, secret),
                Desk.Body(token, Encoding.ASCII.GetBytes(Convert.ToHexString(secret))),
                Desk.Body(Convert.ToBase64String(secret), secret),
                $"{{\"importToken\":\"{token}\",\"keyMaterial\":\"{Convert.ToHexString(secret)}\"",
                Desk.Body(token, key.Encrypt(secret, RSAEncryptionPadding.OaepSHA256)),
            })
            {
                answers.Add(await SaidAsync(await desk.UploadAsync(desk.AcmeKey, body)));
            }

            using var inAddress = new HttpRequestMessage(HttpMethod.Put,
                $"/!/ems/enterprises/{Convert.ToHexString(secret)}/cmk/import-key-request");
            inAddress.Headers.Authorization = new AuthenticationHeaderValue("ApiKey", Convert.ToBase64String(secret));
            answers.Add(await SaidAsync(await desk.Http.SendAsync(inAddress)));
        }

        answers.Count(answer => answer.Contains("\"Accepted\"", StringComparison.Ordinal)).ShouldBe(secrets.Count);
        var places = new List<(string Name, string Text)>();
        places.AddRange(answers.Select((answer, index) => ($"answer {index}", answer)));
        places.AddRange(desk.Heard.Lines.Select((line, index) => ($"log line {index}", line)));
        places.AddRange(await ClusterAsync(desk));
        places.Count(place => place.Name.StartsWith("log", StringComparison.Ordinal))
            .ShouldBeGreaterThan(secrets.Count * 8, "one audit line per call");
        foreach (var secret in secrets)
        {
            var traces = Traces.Of(secret);
            traces.In($"a place that holds {Convert.ToBase64String(secret)}")
                .ShouldNotBeNull("the search finds what is there");
            places.Where(place => traces.In(place.Text) is not null)
                .Select(place => $"{place.Name}: {traces.In(place.Text)}").ShouldBeEmpty();
        }

        foreach (var sensitive in tokens.Select(token => token[17..]).Append(desk.AcmeKey[17..])
            .Append(desk.BetaKey[17..]))
        {
            places.Where(place => place.Text.Contains(sensitive, StringComparison.Ordinal)).Select(place => place.Name)
                .ShouldBeEmpty();
        }
    }

    private static async Task<string> SaidAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync()}";
        }
    }

    /// <summary>Every object as it stands, and every entry of a Secret as its own place, decoded.</summary>
    private static async Task<IReadOnlyList<(string Name, string Text)>> ClusterAsync(Desk desk)
    {
        using var http = new HttpClient { BaseAddress = desk.Ring.Server.Address };
        var places = new List<(string, string)>();
        foreach (var path
            in new[]
            {
                "api/v1/secrets",
                "api/v1/configmaps",
                "apis/events.k8s.io/v1/events",
                "apis/byok.dev/v1alpha1/tenantencryptionkeys",
            })
        {
            var list = JsonNode.Parse(await http.GetStringAsync(path))!;
            foreach (var item in list["items"]!.AsArray())
            {
                places.Add(($"{path} {item!["metadata"]!["name"]}", item.ToJsonString()));
                places.AddRange(
                    (path.EndsWith("secrets", StringComparison.Ordinal) ? item["data"]?.AsObject() ?? [] : [])
                        .Select(entry =>
                            ($"{path} {item["metadata"]!["name"]} {entry.Key}",
                                Encoding.Latin1.GetString(Convert.FromBase64String((string)entry.Value!)))));
            }
        }

        places.Count.ShouldBeGreaterThan(10);
        return places;
    }
}
