using System.Security.Cryptography;
using System.Text;
using Byok.Import.Requests;
using Byok.Import.Serving;
using Byok.Import.Tests;
using ByokOperator.Api;
using ByokOperator.Tests.Api;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing.Contract;

/// <summary>
/// Every answer of the import API over HTTP, good and bad, as tenants' programs see it: <c>answers.txt</c> is the
/// contract. <c>UPDATE_GOLDEN=1</c> writes it anew.
/// </summary>
public sealed class ContractTests
{
    private const string Request = "/!/ems/enterprises/dave/cmk/import-key-request";
    private const string Upload = "/!/ems/enterprises/dave/cmk/import-key";
    private const string Own = "/v1/namespaces/acme/keys/main/";
    private const string Junk = """{"importToken":"x","keyMaterial":"QUJD"}""";

    private readonly Transcript transcript = new();

    [Fact]
    public async Task Every_answer_is_what_it_was()
    {
        await using (var desk = await Desk.OpenAsync(options =>
            options with { TenantBurst = 1_000, GuessesPerSecond = 1_000, AddressPerSecond = 1_000 }))
        {
            await GoodAsync(desk);
            await StrangersAsync(desk);
            await PathsAsync(desk);
            await BodiesAsync(desk);
            await TokensAsync(desk);
            await ClusterAsync(desk);
        }

        await BoundsAsync();
        await TenantsAsync();
        ShouldBeAsRecorded(transcript.ToString());
    }

    private async Task GoodAsync(Desk desk)
    {
        await SendAsync(desk, "the description", "GET", ImportServer.DescriptionPath, apiKey: null);
        await SendAsync(desk, "a request", "PUT", Request);
        await SendAsync(desk, "a request with a form, as curl -X PUT -d '' sends it", "PUT", Request,
            content: Text("", "application/x-www-form-urlencoded"));
        await SendAsync(desk, "a request on the own path", "PUT", Own + "import-request");
        await SendAsync(desk, "a request whose path is percent-encoded", "PUT",
            "/%21/ems/enterprises/d%61ve/cmk/import-key-request");
        await SendAsync(desk, "a request whose path ends in a slash", "PUT", Request + "/");
        await SendAsync(desk, "an upload", "POST", Upload, content: Json(await BodyAsync(desk)));
        await SendAsync(desk, "an upload on the own path", "POST", Own + "import",
            content: Json(await BodyAsync(desk)));
        await SendAsync(desk, "an upload with more members", "POST", Upload,
            content: Json((await BodyAsync(desk))[..^1] + ""","note":{"a":[1]}}"""));
        await SendAsync(desk, "an upload of another JSON type", "POST", Upload,
            content: Text(await BodyAsync(desk), "application/vnd.acme+json"));
    }

    private async Task StrangersAsync(Desk desk)
    {
        await SendAsync(desk, "no API key", "PUT", Request, apiKey: null);
        await SendAsync(desk, "an empty API key", "PUT", Request, apiKey: "");
        await SendAsync(desk, "no API key's form", "PUT", Request, apiKey: "ApiKey 1234-abcde-987");
        await SendAsync(desk, "another scheme", "PUT", Request, apiKey: "Basic " + desk.AcmeKey);
        await SendAsync(desk, "an unknown API key", "PUT", Request, apiKey: "ApiKey " + ApiKey.Make().Reveal());
        await SendAsync(desk, "another one's secret under a known id", "PUT", Request,
            apiKey: "ApiKey " + desk.AcmeKey[..17] + desk.BetaKey[17..]);
        await SendAsync(desk, "an expired API key", "PUT", Request,
            apiKey: "ApiKey " + await desk.EnrolAsync("dave", Desk.Acme, desk.Ring.Time.GetUtcNow()));
        await SendAsync(desk, "a scheme in small letters", "PUT", Request, apiKey: "apikey " + desk.AcmeKey);
        await SendAsync(desk, "no API key, uploading", "POST", Upload, apiKey: null, content: Json(Junk));
        await SendAsync(desk, "no API key, another media type", "POST", Upload, apiKey: null,
            content: Text("a=b", "application/x-www-form-urlencoded"));
        await SendAsync(desk, "headers without end", "PUT", Request, apiKey: "ApiKey " + new string('x', 9_000));
    }

    private async Task PathsAsync(Desk desk)
    {
        await SendAsync(desk, "another enterprise", "PUT", "/!/ems/enterprises/erin/cmk/import-key-request");
        await SendAsync(desk, "an enterprise that is not there", "POST", "/!/ems/enterprises/nobody/cmk/import-key",
            content: Json(Junk));
        await SendAsync(desk, "another namespace", "PUT", "/v1/namespaces/beta/keys/main/import-request");
        await SendAsync(desk, "another key", "POST", "/v1/namespaces/acme/keys/second/import", content: Json(Junk));
        await SendAsync(desk, "no such path", "GET", "/", apiKey: null);
        await SendAsync(desk, "no such path, with an API key", "PUT", "/v1/namespaces/acme/keys/main");
        await SendAsync(desk, "another method", "POST", Request);
        await SendAsync(desk, "another method, uploading", "PUT", Upload, content: Json(Junk));
        await SendAsync(desk, "a method of browsers", "OPTIONS", Upload, apiKey: null);
        await SendAsync(desk, "a method without an answer's body", "HEAD", Upload);
        await SendAsync(desk, "another method of the description", "POST", ImportServer.DescriptionPath, apiKey: null);
    }

    private async Task BodiesAsync(Desk desk)
    {
        await SendAsync(desk, "no body", "POST", Upload);
        await SendAsync(desk, "a form", "POST", Upload, content: Text("{}", "application/x-www-form-urlencoded"));
        await SendAsync(desk, "no JSON", "POST", Upload, content: Json("no json"));
        await SendAsync(desk, "an empty body", "POST", Upload, content: Json(""));
        await SendAsync(desk, "no members", "POST", Upload, content: Json("{}"));
        await SendAsync(desk, "no material", "POST", Upload, content: Json("""{"importToken":"x"}"""));
        await SendAsync(desk, "a member twice", "POST", Upload,
            content: Json("""{"importToken":"x","importToken":"y","keyMaterial":"QUJD"}"""));
        await SendAsync(desk, "a member of another type", "POST", Upload,
            content: Json("""{"importToken":1,"keyMaterial":"QUJD"}"""));
        await SendAsync(desk, "a torn body", "POST", Upload,
            content: Json("""{"importToken":"t","keyMaterial":"QUJD"""));
        await SendAsync(desk, "too large a body", "POST", Upload,
            content: Json(new string(' ', UploadBody.MostBytes + 1)));
        await SendAsync(desk, "too large a body, in chunks", "POST", Upload,
            content: Json(new string(' ', UploadBody.MostBytes * 2)), isChunked: true);
        foreach (var (what, material) in new[]
        {
            ("PEM", "-----BEGIN PKCS7-----QUJD-----END PKCS7-----"),
            ("no base64", "QUJ"),
            ("another length", new string('/', 68)),
        })
        {
            var (token, key) = await desk.GrantedAsync();
            key.Dispose();
            await SendAsync(desk, "material: " + what, "POST", Upload,
                content: Json($$"""{"importToken":"{{token}}","keyMaterial":"{{material}}"}"""));
        }
    }

    private async Task TokensAsync(Desk desk)
    {
        await SendAsync(desk, "no token's form", "POST", Upload, content: Json(Junk));
        var body = await BodyAsync(desk);
        await SendAsync(desk, "another tenant's token", "POST", "/!/ems/enterprises/erin/cmk/import-key",
            "ApiKey " + desk.BetaKey, Json(body));
        await SendAsync(desk, "a token for the first time", "POST", Upload, content: Json(body));
        await SendAsync(desk, "a token for the second time", "POST", Upload, content: Json(body));
        var (token, key) = await desk.GrantedAsync();
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            await SendAsync(desk, $"what does not open, {attempt}", "POST", Upload,
                content: Json(Desk.Body(token, key.Encrypt(new byte[16], RSAEncryptionPadding.OaepSHA256))));
        }

        var late = await BodyAsync(desk);
        desk.Ring.Time.Pass(TimeSpan.FromHours(24));
        await SendAsync(desk, "a token of yesterday", "POST", Upload, content: Json(late));
        key.Dispose();
    }

    private async Task ClusterAsync(Desk desk)
    {
        await desk.Ring.Kube.Api<Secret>()
            .DeleteAsync(new ObjectKey("acme", "main-import"), null, CancellationToken.None);
        await desk.Ring.Kube.Api<Secret>().ApplyAsync(
            new Secret
            {
                Metadata = new ObjectMeta { Name = "main-import", Namespace = "acme" },
                Data = new Dictionary<string, byte[]> { ["wrappedKey"] = [1] },
            }, "flux", CancellationToken.None);
        await SendAsync(desk, "a Secret of Git's", "POST", Upload, content: Json(await BodyAsync(desk)));
        var body = await BodyAsync(desk);
        await desk.WantAsync(Desk.Acme, wrapping: WrappingModes.Platform);
        await SendAsync(desk, "a request that the spec does not want", "PUT", Request);
        await SendAsync(desk, "an upload that the spec does not want", "POST", Upload, content: Json(body));
        await desk.Ring.Kube.Api<TenantEncryptionKey>().DeleteAsync(Desk.Acme, null, CancellationToken.None);
        await SendAsync(desk, "a request for no key", "PUT", Request);
        await SendAsync(desk, "an upload for no key", "POST", Upload, content: Json(body));
        foreach (var secret in await desk.Ring.SecretsAsync())
        {
            await desk.Ring.Kube.Api<Secret>().DeleteAsync(secret.Metadata.Key, null, CancellationToken.None);
        }

        await SendAsync(desk, "before the platform has a wrapping key", "PUT",
            "/!/ems/enterprises/erin/cmk/import-key-request", "ApiKey " + desk.BetaKey);
        await desk.Ring.StopServerAsync();
        await SendAsync(desk, "an API server that gives no answer", "PUT", Request);
    }

    private async Task BoundsAsync()
    {
        await using var desk = await Desk.OpenAsync(
            options =>
                options with { TenantBurst = 3, TenantPerSecond = 1, GuessesPerSecond = 1, AddressPerSecond = 1_000 },
                    mostPerDay: 1);
        await SendAsync(desk, "the last request of a day", "PUT", Request);
        await SendAsync(desk, "a request too many", "PUT", Request);
        await ManyAsync(desk, "a call too many of one tenant", () => "ApiKey " + desk.AcmeKey);
        await ManyAsync(desk, "a guess too many", () => "ApiKey " + ApiKey.Make().Reveal());
    }

    /// <summary>What the platform's Tenants say of it.</summary>
    private async Task TenantsAsync()
    {
        await using var desk = await Desk.OpenAsync(options => options with { TenantBurst = 1_000 });
        await desk.Ring.GiveAsync((Desk.Acme.Namespace, "acme", 1));
        await SendAsync(desk, "the last request of a tenant's day", "PUT", Request);
        desk.Ring.Time.Pass(TimeSpan.FromHours(1));
        await SendAsync(desk, "a request too many of the tenant's", "PUT", Request);
        await SendAsync(desk, "a request in a namespace of no tenant", "PUT",
            "/!/ems/enterprises/erin/cmk/import-key-request", "ApiKey " + desk.BetaKey);
        await desk.Ring.Kube.Api<ConfigMap>()
            .DeleteAsync(PublishedLimits.Address(Keyring.Namespace), null, CancellationToken.None);
        desk.Ring.Time.Pass(TimeSpan.FromMinutes(1));
        await SendAsync(desk, "a request while no limit is published", "PUT", Request);
    }

    /// <summary>Until it is told to wait: a bucket may fill up between two calls.</summary>
    private async Task ManyAsync(Desk desk, string what, Func<string> apiKey)
    {
        const int Enough = 500;
        for (var call = 0; call < Enough; call++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20)
                .Select(_ => CallAsync(desk, "POST", Upload, apiKey(), Json(Junk), isChunked: false)));
            if (answers.FirstOrDefault(answer => (int)answer.StatusCode == 429) is { } refused)
            {
                await transcript.AddAsync(what, refused);
                return;
            }
        }

        throw new InvalidOperationException($"{what}: never refused");
    }

    private async Task SendAsync(
        Desk desk, string what, string method, string path, string? apiKey = "own", HttpContent? content = null,
        bool isChunked = false) =>
        await transcript.AddAsync(what,
            await CallAsync(desk, method, path, apiKey == "own" ? "ApiKey " + desk.AcmeKey
                : apiKey, content, isChunked));

    private static async Task<HttpResponseMessage> CallAsync(
        Desk desk, string method, string path, string? apiKey, HttpContent? content, bool isChunked)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;
        if (apiKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", apiKey);
        }

        return await desk.Http.SendAsync(request);
    }

    /// <summary>A good upload's, for a request of its own.</summary>
    private static async Task<string> BodyAsync(Desk desk)
    {
        var (token, key) = await desk.GrantedAsync();
        using (key)
        {
            return Desk.Body(token, key.Encrypt(RandomNumberGenerator.GetBytes(32), RSAEncryptionPadding.OaepSHA256));
        }
    }

    private static StringContent Json(string text) => Text(text, "application/json");

    private static StringContent Text(string text, string type) => new(text, Encoding.UTF8, type);

    private static void ShouldBeAsRecorded(string text)
    {
        var path = Repository.PathTo("tests", "ByokOperator.Tests", "Importing", "Contract", "answers.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        foreach (var (answer, recorded) in text.Split("### ").Zip(File.ReadAllText(path).Split("### ")))
        {
            answer.ShouldBe(recorded);
        }

        text.ShouldBe(File.ReadAllText(path));
    }
}
