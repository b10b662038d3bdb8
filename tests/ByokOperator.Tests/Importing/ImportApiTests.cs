using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Byok.Import.Serving;
using Byok.Import.Tests;
using Byok.Material;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Importing;

public sealed class ImportApiTests
{
    private const string Own = "/v1/namespaces/acme/keys/main/";

    [Fact]
    public async Task A_secret_that_was_asked_for_and_uploaded_stands_wrapped_where_the_import_looks()
    {
        await using var desk = await Desk.OpenAsync();
        using var secret = KeyMaterial.Generate();
        using var asked = await desk.AskAsync(desk.AcmeKey);
        var request = await Desk.JsonAsync(asked, 200);
        request.Select(member => member.Key).ShouldBe(["publicKey", "importToken", "algorithm", "expiresAt", "id"]);
        ((string)request["algorithm"]!).ShouldBe("RSAES_OAEP_SHA_256");
        asked.Headers.CacheControl!.NoStore.ShouldBeTrue();

        using var key = RSA.Create();
        key.ImportFromPem((string)request["publicKey"]!);
        var wrapped = key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256);
        using var answer = await desk.UploadAsync((string)request["importToken"]!, wrapped);
        (await Desk.JsonAsync(answer, 200)).ToJsonString()
            .ShouldBe($$"""{"status":"Accepted","id":"{{request["id"]}}"}""");

        var stored = (await desk.StoredAsync()).ShouldNotBeNull();
        stored.Metadata.Annotations!["byok.dev/import-request"].ShouldBe((string)request["id"]!);
        stored.Metadata.OwnerReferences!.ShouldHaveSingleItem().Kind.ShouldBe("TenantEncryptionKey");
        var openers = await desk.Requests.OpenersAsync(Desk.Acme, (string)request["id"]!, CancellationToken.None);
        using var opened = MaterialOpener.Open(openers, stored.Data!["wrappedKey"],
            Encoding.ASCII.GetString(stored.Data["keyHash"]), false).ShouldBeOfType<OpenedMaterial.Opened>().Material;
        opened.IsSameAs(secret).ShouldBeTrue();
    }

    [Fact]
    public async Task The_own_paths_do_the_same_and_the_spec_says_where_it_goes()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.WantAsync(Desk.Acme,
            from: new WrappedKeyReference { SecretName = "from-tenant", WrappedKey = "blob", KeyHash = "sum" });
        using var secret = KeyMaterial.Generate();
        var request = await Desk.JsonAsync(await desk.AskAsync(desk.AcmeKey, Own + "import-request"), 200);
        using var key = RSA.Create();
        key.ImportFromPem((string)request["publicKey"]!);
        var body =
            Desk.Body((string)request["importToken"]!, key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256));
        (await desk.UploadAsync(desk.AcmeKey, body, Own + "import")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await desk.StoredAsync("from-tenant")).ShouldNotBeNull().Data!.Keys.Order().ShouldBe(["blob", "sum"]);
        (await desk.StoredAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_has_no_valid_API_key_is_told_nothing_but_that()
    {
        await using var desk = await Desk.OpenAsync();
        var expired = await desk.EnrolAsync("dave", Desk.Acme, desk.Ring.Time.GetUtcNow());
        string?[] wrongs = [null, "", "1234-abcde-987", desk.AcmeKey[..^1], desk.AcmeKey[..17] + desk.BetaKey[17..],
            ApiKey.Make().Reveal(), expired, new string('x', 4000)];
        foreach (var wrong in wrongs)
        {
            using var answer = await desk.AskAsync(wrong);
            (await Desk.ProblemAsync(answer, 401)).ShouldBe("unauthorized");
            answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("ApiKey");
        }

        using var basic = new HttpRequestMessage(HttpMethod.Put, "/!/ems/enterprises/dave/cmk/import-key-request");
        basic.Headers.TryAddWithoutValidation("Authorization", "Basic " + desk.AcmeKey);
        (await Desk.ProblemAsync(await desk.Http.SendAsync(basic), 401)).ShouldBe("unauthorized");
    }

    [Fact]
    public async Task An_API_key_ends_when_its_Secret_is_deleted()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.AskAsync(desk.AcmeKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await desk.Ring.Kube.Api<Secret>()
            .DeleteAsync(ApiKeySecret.Address(Keyring.Namespace, desk.AcmeKey[..16]), null, CancellationToken.None);
        (await Desk.ProblemAsync(await desk.AskAsync(desk.AcmeKey), 401)).ShouldBe("unauthorized");
    }

    [Fact]
    public async Task An_API_key_is_not_for_a_namespace_that_was_made_anew_under_the_name()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.AskAsync(desk.AcmeKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var namespaces = desk.Ring.Kube.Api<NamespaceObject>();
        await namespaces.DeleteAsync(new ObjectKey("", "acme"), null, CancellationToken.None);
        (await Desk.ProblemAsync(await desk.AskAsync(desk.AcmeKey), 401)).ShouldBe("unauthorized");
        await namespaces.CreateAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = "acme" } },
            CancellationToken.None);
        await desk.WantAsync(Desk.Acme);
        (await Desk.ProblemAsync(await desk.AskAsync(desk.AcmeKey), 401))
            .ShouldBe("unauthorized", "it is another tenant's now");
        (await desk.AskAsync(await desk.EnrolAsync("dave", Desk.Acme))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/!/ems/enterprises/erin/cmk/import-key-request")]
    [InlineData("/!/ems/enterprises/nobody/cmk/import-key-request")]
    [InlineData("/v1/namespaces/beta/keys/main/import-request")]
    [InlineData("/v1/namespaces/acme/keys/second/import-request")]
    public async Task A_path_of_somebody_else_is_refused_whether_there_is_somebody_or_not(string path)
    {
        await using var desk = await Desk.OpenAsync();
        (await Desk.ProblemAsync(await desk.AskAsync(desk.AcmeKey, path), 403)).ShouldBe("forbidden");
    }

    [Fact]
    public async Task A_token_serves_once_for_a_day_and_its_own_tenant()
    {
        await using var desk = await Desk.OpenAsync();
        using var secret = KeyMaterial.Generate();
        var (token, key) = await desk.GrantedAsync();
        var wrapped = key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256);

        var foreign =
            await desk.UploadAsync(desk.BetaKey, Desk.Body(token, wrapped), "/!/ems/enterprises/erin/cmk/import-key");
        (await Desk.ProblemAsync(foreign, 422)).ShouldBe("import-token-unknown");
        (await Desk.ProblemAsync(await desk.UploadAsync(token[..^1] + (token[^1] == 'A' ? 'E' : 'A'), wrapped), 422))
            .ShouldBe("import-token-unknown");
        (await Desk.ProblemAsync(await desk.UploadAsync("junk", wrapped), 422)).ShouldBe("import-token-unknown");

        (await desk.UploadAsync(token, wrapped)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Desk.ProblemAsync(await desk.UploadAsync(token, wrapped), 409)).ShouldBe("import-token-used");
        (await Desk.ProblemAsync(
            await desk.UploadAsync(token, key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256)),
            409)).ShouldBe("import-token-used");

        var (late, lateKey) = await desk.GrantedAsync();
        desk.Ring.Time.Pass(TimeSpan.FromHours(24));
        (await Desk.ProblemAsync(
            await desk.UploadAsync(late, lateKey.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256)),
            410)).ShouldBe("import-token-expired");
    }

    [Fact]
    public async Task What_happens_behind_the_private_key_has_one_answer()
    {
        await using var desk = await Desk.OpenAsync();
        using var other = RSA.Create(2048);
        using var secret = KeyMaterial.Generate();
        var answers = new HashSet<string>();
        var wrongs = new Func<RSA, byte[]>[]
        {
            key => key.Encrypt(new byte[16], RSAEncryptionPadding.OaepSHA256),
            key => key.Encrypt(RandomNumberGenerator.GetBytes(33), RSAEncryptionPadding.OaepSHA256),
            key => key.Encrypt(RandomNumberGenerator.GetBytes(64), RSAEncryptionPadding.OaepSHA256),
            key => key.Encrypt(new byte[32], RSAEncryptionPadding.OaepSHA256),
            key => key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA1),
            key => key.Encrypt(secret.Bytes, RSAEncryptionPadding.Pkcs1),
            key => key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA512),
            _ => other.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256),
            _ => RandomNumberGenerator.GetBytes(256),
        };
        foreach (var few in wrongs.Chunk(3))
        {
            var (token, key) = await desk.GrantedAsync();
            foreach (var wrong in few)
            {
                using var answer = await desk.UploadAsync(token, wrong(key));
                var json = await Desk.JsonAsync(answer, 422);
                json.Remove("instance");
                answers.Add(json.ToJsonString());
            }
        }

        answers.ShouldHaveSingleItem().ShouldContain("upload-refused");
        (await desk.StoredAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("UploadIsPem", "-----BEGIN PKCS7-----QUJD-----END PKCS7-----")]
    [InlineData("UploadNotBase64", "QUJ")]
    [InlineData("UploadWrongSize", "////////////////////////////////////////////////////////////////////")]
    [InlineData("UploadIsPasswordEncrypted", "U2FsdGVkX18AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_mistake_that_shows_in_the_upload_is_named(string code, string material)
    {
        await using var desk = await Desk.OpenAsync();
        var (token, key) = await desk.GrantedAsync();
        using var answer = await desk.UploadAsync(desk.AcmeKey,
            new JsonObject { ["importToken"] = token, ["keyMaterial"] = material }.ToJsonString());
        var json = await Desk.JsonAsync(answer, 400);
        ((string)json["type"]!, (string)json["code"]!).ShouldBe(("urn:byok:problem:upload-malformed", code));
        key.Dispose();
    }

    [Fact]
    public async Task Line_ends_and_blanks_in_the_base64_do_no_harm()
    {
        await using var desk = await Desk.OpenAsync();
        foreach (var (separator, isRaw) in new[]
        {
            ("\n", true),
            ("\r\n", true),
            (" ", true),
            ("\\n", false),
            ("\\r\\n", false),
        })
        {
            var (token, key) = await desk.GrantedAsync();
            using var secret = KeyMaterial.Generate();
            var lines = Convert.ToBase64String(key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256)).Chunk(76)
                .Select(line => new string(line));
            using var answer = await desk.UploadAsync(desk.AcmeKey,
                $$"""{"importToken":"{{token}}","keyMaterial":"{{string.Join(separator, lines)}}{{(isRaw ? separator : "")}}"}""");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Bodies_that_are_none_are_refused_each_by_its_name()
    {
        await using var desk = await Desk.OpenAsync();
        (await Desk.ProblemAsync(await desk.UploadAsync(desk.AcmeKey, "no json"), 400)).ShouldBe("body-not-json");
        (await Desk.ProblemAsync(await desk.UploadAsync(desk.AcmeKey, ""), 400)).ShouldBe("body-not-json");
        (await Desk.ProblemAsync(await desk.UploadAsync(desk.AcmeKey, "{}"), 400)).ShouldBe("member-wrong");
        (await Desk.ProblemAsync(await desk.UploadAsync(desk.AcmeKey, """{"importToken":"t","keyMaterial":"QUJD"""),
            400)).ShouldBe("body-torn");
        (await Desk.ProblemAsync(await desk.UploadAsync(desk.AcmeKey, new string(' ', UploadBody.MostBytes + 1)), 413))
            .ShouldBe("body-too-large");
        using var form = new HttpRequestMessage(HttpMethod.Post,
            Own + "import") { Content = new StringContent("{}", Encoding.UTF8, "application/x-www-form-urlencoded") };
        form.Headers.TryAddWithoutValidation("Authorization", "ApiKey " + desk.AcmeKey);
        (await Desk.ProblemAsync(await desk.Http.SendAsync(form), 415)).ShouldBe("media-type-not-json");
        using var chunked = new HttpRequestMessage(HttpMethod.Post,
            Own
                + "import")
                {
                    Content =
                        new StringContent(new string(' ', UploadBody.MostBytes * 2), Encoding.UTF8, "application/json"),
                };
        chunked.Headers.TransferEncodingChunked = true;
        chunked.Headers.TryAddWithoutValidation("Authorization", "ApiKey " + desk.AcmeKey);
        (await Desk.ProblemAsync(await desk.Http.SendAsync(chunked), 413)).ShouldBe("body-too-large");
    }

    [Theory]
    [InlineData("GET", "/", 404, "no-such-path")]
    [InlineData("PUT", "/v1/namespaces/acme/keys/main", 404, "no-such-path")]
    [InlineData("POST", "/!/ems/enterprises/dave/cmk/import-key-request", 405, "method-not-allowed")]
    [InlineData("GET", "/v1/namespaces/acme/keys/main/import", 405, "method-not-allowed")]
    public async Task Another_path_or_method_is_told_where_the_paths_are(
        string method, string path, int status, string problem)
    {
        await using var desk = await Desk.OpenAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        (await Desk.ProblemAsync(await desk.Http.SendAsync(request), status)).ShouldBe(problem);
    }

    [Fact]
    public async Task The_spec_decides_whether_there_is_an_import_at_all()
    {
        await using var desk = await Desk.OpenAsync();
        var (token, key) = await desk.GrantedAsync();
        using var secret = KeyMaterial.Generate();
        var wrapped = key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256);
        await desk.WantAsync(Desk.Acme, wrapping: WrappingModes.Platform);
        (await Desk.ProblemAsync(await desk.AskAsync(desk.AcmeKey), 409)).ShouldBe("import-not-wanted");
        (await Desk.ProblemAsync(await desk.UploadAsync(token, wrapped), 409)).ShouldBe("import-not-wanted");
        await desk.Ring.Kube.Api<TenantEncryptionKey>().DeleteAsync(Desk.Acme, null, CancellationToken.None);
        (await Desk.ProblemAsync(await desk.AskAsync(desk.AcmeKey), 404)).ShouldBe("key-missing");
        (await desk.StoredAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_Secret_that_Git_manages_is_not_touched()
    {
        await using var desk = await Desk.OpenAsync();
        var theirs = new Secret
        {
            Metadata = new ObjectMeta { Name = "main-import", Namespace = "acme" },
            Data = new Dictionary<string, byte[]> { ["wrappedKey"] = [1, 2, 3] },
        };
        await desk.Ring.Kube.Api<Secret>().ApplyAsync(theirs, "flux", CancellationToken.None);
        var (token, key) = await desk.GrantedAsync();
        using var secret = KeyMaterial.Generate();
        var wrapped = key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256);
        (await Desk.ProblemAsync(await desk.UploadAsync(token, wrapped), 409)).ShouldBe("secret-managed-elsewhere");
        (await desk.StoredAsync())!.Data!["wrappedKey"].ShouldBe([1, 2, 3]);

        await desk.Ring.Kube.Api<Secret>()
            .DeleteAsync(new ObjectKey("acme", "main-import"), null, CancellationToken.None);
        (await desk.UploadAsync(token, wrapped)).StatusCode
            .ShouldBe(HttpStatusCode.OK, "the very upload that was accepted, repeated once it can be stored");
    }

    [Fact]
    public async Task An_upload_whose_answer_was_lost_is_finished_by_its_repetition_and_never_undoes_a_later_one()
    {
        await using var desk = await Desk.OpenAsync();
        using var secret = KeyMaterial.Generate();
        var (token, key) = await desk.GrantedAsync();
        var wrapped = key.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256);
        // accepted, and the replica died
        await desk.Redeemer.RedeemAsync(Desk.Acme, token, wrapped, false, CancellationToken.None);
        desk.Ring.Time.Pass(TimeSpan.FromMinutes(1));
        var (later, laterKey) = await desk.GrantedAsync();
        (await desk.UploadAsync(later, laterKey.Encrypt(secret.Bytes, RSAEncryptionPadding.OaepSHA256))).StatusCode
            .ShouldBe(HttpStatusCode.OK);

        (await Desk.ProblemAsync(await desk.UploadAsync(token, wrapped), 409)).ShouldBe("import-token-used");
        (await desk.StoredAsync())!.Metadata.Annotations!["byok.dev/import-request"].ShouldBe(later[..16]);
        await desk.Ring.Kube.Api<Secret>()
            .DeleteAsync(new ObjectKey("acme", "main-import"), null, CancellationToken.None);
        (await desk.UploadAsync(token, wrapped)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_API_server_that_does_not_answer_is_not_the_callers_fault()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.Ring.StopServerAsync();
        using var answer = await desk.AskAsync(desk.AcmeKey);
        (await Desk.ProblemAsync(answer, 503)).ShouldBe("unavailable");
        answer.Headers.RetryAfter!.Delta.ShouldNotBeNull();
    }
}
