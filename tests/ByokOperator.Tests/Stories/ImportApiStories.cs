using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Byok.Import.Requests;
using Byok.Import.Serving;
using ByokOperator.Api;
using ByokOperator.Tests.Importing;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A tenant's own program and the whole operator: from the first call to a key in the cloud.</summary>
public sealed class ImportApiStories
{
    private static readonly ObjectKey key = new(Tenant.Namespace, "key");

    private const string Often = "1s";

    /// <summary>Nothing here comes of time.</summary>
    private const string Long = "1h";

    [Fact]
    public async Task A_program_brings_a_key_and_brings_it_again_after_a_revocation_but_no_other()
    {
        var port = LoopbackPort.Free();
        await using var tenant = await Tenant.MoveInAsync(options => options);
        var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-import-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, tenant.Stage.Server!.Kubeconfig);
        await using var api = StartApi(kubeconfig, port);
        using var program = await EnrolAsync(tenant, port);
        var source = new ImportedSource
        {
            Aws = new AwsImport { Regions = [Quickstart.Stage.Region] },
            Wrapping = WrappingModes.ImportRequest,
        };
        var secret = RandomNumberGenerator.GetBytes(32);

        await tenant.ApplyImportedKeyAsync(KeyStates.Active, "", source, Often, Long);
        var request = await RequestAsync(program);
        var open = await tenant.UntilKeyAsync(one => one.Status!.ImportRequest is not null);
        var shown = open.Status!.ImportRequest!;
        shown.PublicKey.ShouldBe((string?)request["publicKey"]);
        ((string)request["importToken"]!).Split('.')[0].ShouldBe(shown.Id);
        JsonSerializer.Serialize(open, TenantEncryptionKey.Json)
            .ShouldNotContain(((string)request["importToken"]!).Split('.')[1]);
        await BringAsync(program, secret, request);
        await tenant.UntilKeyAsync(one => one.Status is { Verdict: "Usable", ImportRequest: null });
        (tenant.Cloud.Count("kms", "CreateKey"), tenant.Cloud.Count("kms", "ImportKeyMaterial")).ShouldBe((1, 1));
        await UntilAsync(async () => await RequestsAsync(tenant) == 0,
            "the private half of the request goes once its material is in KMS");

        await tenant.ApplyImportedKeyAsync(KeyStates.Revoked, "revoke", source, Often, Long);
        await UntilAsync(() => Task.FromResult(tenant.Cloud.Count("kms", "DeleteImportedKeyMaterial") == 1),
            "the material is withdrawn");
        await tenant.ApplyImportedKeyAsync(KeyStates.Active, "", source, Often, Long);
        await BringAsync(program, RandomNumberGenerator.GetBytes(32));
        await tenant.UntilKeyAsync(one => Tenant.ReasonOf(one) == "KeyReplaced");
        tenant.Cloud.Count("kms", "ImportKeyMaterial").ShouldBe(1);

        await BringAsync(program, secret);
        await tenant.UntilKeyAsync(one => one.Status!.Verdict == "Usable");
        tenant.Cloud.Count("kms", "CreateKey").ShouldBe(1);
    }

    /// <summary>A process of its own, as it is shipped.</summary>
    private static ChildProcess StartApi(string kubeconfig, int port) => Programs.StartImportApi(
        kubeconfig, "--namespace", Quickstart.Stage.SystemNamespace, "--listen", "127.0.0.1:0", "--api-listen",
        $"127.0.0.1:{port}", "--key-pool", "1");

    private static async Task<HttpClient> EnrolAsync(Tenant tenant, int port)
    {
        await tenant.Stage.Kube.Api<NamespaceObject>()
            .ApplyAsync(new NamespaceObject { Metadata = new ObjectMeta { Name = Tenant.Namespace } }, "platform",
                CancellationToken.None);
        var made = await EnrolledKey.MakeAsync(tenant.Stage.Kube, Quickstart.Stage.SystemNamespace, "dave", key);
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/!/ems/enterprises/dave/cmk/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(ApiKey.Scheme, made);
        return http;
    }

    private static async Task<JsonObject> RequestAsync(HttpClient program)
    {
        JsonObject? request = null;
        await UntilAsync(async () => (request = await AskAsync(program)) is not null, "a request is granted");
        return request!;
    }

    private static async Task BringAsync(HttpClient program, byte[] secret, JsonObject? granted = null)
    {
        var request = granted ?? await RequestAsync(program);
        using var pair = RSA.Create();
        pair.ImportFromPem((string)request["publicKey"]!);
        using var body = new StringContent(
            Desk.Body((string)request["importToken"]!, pair.Encrypt(secret, RSAEncryptionPadding.OaepSHA256)),
            Encoding.UTF8, "application/json");
        using var answer = await program.PostAsync("import-key", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Null while the server does not listen yet, or the leader has made no wrapping key.</summary>
    private static async Task<JsonObject?> AskAsync(HttpClient program)
    {
        try
        {
            using var answer = await program.PutAsync("import-key-request", null);
            return answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests ? null
                : await Desk.JsonAsync(answer, 200);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<int> RequestsAsync(Tenant tenant) =>
        (await tenant.Stage.Kube.Api<Secret>()
            .ListPageAsync(RequestSecret.For(Quickstart.Stage.SystemNamespace, key), null,
                CancellationToken.None)).Items.Count;

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(100))
        {
            if (await holds())
            {
                return;
            }
        }

        throw new TimeoutException($"in vain: {what}");
    }
}
