using System.Text;
using Azure.Core;

namespace LocalCloud.Tests.Azure.Blob;

/// <summary>The blob service's REST as a client writes it, under whatever authorization.</summary>
public sealed class BlobWire(HttpClient http, Uri account, Func<HttpRequestMessage, Task> authorize)
{
    public const string Version = "2024-11-04";

    public Uri Account { get; } = account;

    /// <summary>Appended to every address: a shared access signature.</summary>
    public string Query { get; init; } = "";

    public static BlobWire Bearer(AzureFixture cloud, string account, TokenCredential credential) =>
        new(cloud.Http, LocalCloudAzure.Blob(account), async request =>
        {
            var token = await credential.GetTokenAsync(new TokenRequestContext(["https://storage.azure.com/.default"]),
                CancellationToken.None);
            request.Headers.Authorization = new("Bearer", token.Token);
        });

    public static BlobWire Key(AzureFixture cloud, string account) =>
        Key(cloud.Http, LocalCloudAzure.Blob(account), account, cloud.Admin.AccountKey(account));

    public static BlobWire Key(HttpClient http, Uri uri, string account, string key) => new(http, uri, request =>
    {
        SharedKey.Sign(request, account, key);
        return Task.CompletedTask;
    });

    public static BlobWire Sas(AzureFixture cloud, string account, string query) =>
        new(cloud.Http, LocalCloudAzure.Blob(account), _ => Task.CompletedTask) { Query = query };

    public Uri At(string path)
    {
        var uri = Account + path;
        return Query.Length == 0 ? new Uri(uri)
            : new Uri($"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Query}");
    }

    public Task<AzureAnswer> Get(string path, params (string, string)[] headers) => Send("GET", path, null, headers);

    public Task<AzureAnswer> Head(string path, params (string, string)[] headers) => Send("HEAD", path, null, headers);

    public Task<AzureAnswer> Delete(string path, params (string, string)[] headers) =>
        Send("DELETE", path, null, headers);

    public Task<AzureAnswer> Put(string path, byte[]? body, params (string, string)[] headers) =>
        Send("PUT", path, body ?? [], headers);

    public Task<AzureAnswer> PutBlob(string path, string text, params (string, string)[] headers) =>
        Put(path, Encoding.UTF8.GetBytes(text), [("x-ms-blob-type", "BlockBlob"), .. headers]);

    public Task<AzureAnswer> Commit(string path, params string[] blocks) =>
        Put($"{path}?comp=blocklist",
            Encoding.UTF8.GetBytes(
                $"<?xml version=\"1.0\"?><BlockList>{string.Concat(blocks.Select(id => $"<Latest>{id}</Latest>"))}</BlockList>"));

    public Task<AzureAnswer> PutBlock(string path, string id, string text) =>
        Put($"{path}?comp=block&blockid={Uri.EscapeDataString(id)}", Encoding.UTF8.GetBytes(text));

    public static string BlockId(int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"block-{number:D5}"));

    public async Task<AzureAnswer> Send(
        string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), At(path));
        request.Headers.TryAddWithoutValidation("x-ms-version", Version);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentLength = body.Length;
        }

        foreach (var (name, value) in headers)
        {
            if (name == "x-ms-version" && value.Length == 0)
            {
                request.Headers.Remove(name);
            }
            else if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        await authorize(request);
        return await AzureAnswer.Of(await http.SendAsync(request));
    }
}
