using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;

namespace LocalCloud.Tests.Azure.Vault;

/// <summary>Key Vault's REST as a client writes it.</summary>
internal sealed class VaultClient(AzureFixture cloud, string vault, TokenCredential? credential)
{
    public const string Scope = "https://vault.azure.net/.default";

    public Task<AzureAnswer> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<AzureAnswer> Post(string path, JsonObject? body = null) => Send(HttpMethod.Post, path, body ?? []);

    public Task<AzureAnswer> Put(string path, JsonObject body) => Send(HttpMethod.Put, path, body);

    public Task<AzureAnswer> Patch(string path, JsonObject body) => Send(HttpMethod.Patch, path, body);

    public Task<AzureAnswer> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public Task<AzureAnswer> Create(string key) => Post($"keys/{key}/create", new JsonObject { ["kty"] = "RSA" });

    public Task<AzureAnswer> Wrap(string key, byte[] value) => Crypt(key, "wrapkey", value);

    public Task<AzureAnswer> Unwrap(string key, byte[] value) => Crypt(key, "unwrapkey", value);

    public Task<AzureAnswer> Crypt(string key, string verb, byte[] value, string algorithm = "RSA-OAEP-256") =>
        Post($"keys/{key}/{verb}", new JsonObject { ["alg"] = algorithm, ["value"] = Text(value) });

    public static string Text(byte[] value) => System.Buffers.Text.Base64Url.EncodeToString(value);

    public static byte[] Value(AzureAnswer answer) =>
        System.Buffers.Text.Base64Url.DecodeFromChars((string)answer.Expect(200).Json["value"]!);

    public async Task<AzureAnswer> Send(HttpMethod method, string path, JsonObject? body, string version = "7.4")
    {
        using var request = new HttpRequestMessage(method,
            new Uri(LocalCloudAzure.Vault(vault),
                $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version={version}"));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return await AzureAnswer.Of(await cloud.SendAsync(credential, Scope, request));
    }
}
