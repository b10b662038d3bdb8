using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCloud.Aws;
using LocalCloud.Azure.Blob;
using LocalCloud.Faults;
using Microsoft.AspNetCore.Http;

namespace LocalCloud.Azure;

/// <summary>One request on its way through: filled in by the front door,
/// read by the services and by the call log.</summary>
internal sealed class AzureCall(HttpContext http, AzureAddress address, string requestId)
{
    public HttpContext Http { get; } = http;

    public AzureAddress Address { get; } = address;

    /// <summary>The path as the client encoded it, without the account of path-style addresses.</summary>
    public string Path => Address.Path;

    /// <summary>The vault, or the storage account.</summary>
    public string Account => Address.Account;

    public RawQuery Query => Address.Query;

    public string RequestId { get; } = requestId;

    public HttpRequest Request => Http.Request;

    public HttpResponse Response => Http.Response;

    public string Method => Http.Request.Method;

    public CancellationToken Cancellation => Http.RequestAborted;

    public AzurePrincipal? Caller { get; set; }

    /// <summary>How the blob service let the request in.</summary>
    public BlobCaller? BlobCaller { get; set; }

    /// <summary>Who is counted in the call log: an object id, <c>sharedKey</c>, <c>sas</c>.</summary>
    public string Who { get; set; } = "";

    public string Operation { get; set; } = "";

    public string? Container { get; set; }

    public string? Key { get; set; }

    public string? ErrorCode { get; set; }

    /// <summary>A fault to be carried out after the operation took effect.</summary>
    public FaultEffect? Late { get; set; }

    public string? Header(string name) => Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Bearer =>
        Header("Authorization") is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim() : null;

    public Task<byte[]> ReadSmallAsync() =>
        SmallBody.ReadAsync(Http,
            () =>
                new AzureProblem(413, "RequestContentTooLarge", "The request content size exceeds the maximum size."));

    /// <summary>An object, empty where there is no body; <paramref name="wrong"/> says what isn't one.</summary>
    public async Task<JsonObject> ReadJsonAsync(Func<AzureProblem> wrong)
    {
        var bytes = await ReadSmallAsync();
        try
        {
            return bytes.Length == 0 ? [] : JsonNode.Parse(bytes) as JsonObject ?? throw wrong();
        }
        catch (JsonException)
        {
            throw wrong();
        }
    }

    public async Task SendJsonAsync(int status, JsonObject body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        Response.StatusCode = status;
        Response.ContentType = "application/json; charset=utf-8";
        Response.ContentLength = bytes.Length;
        await Response.Body.WriteAsync(bytes, Cancellation);
    }

    public Task SendEmptyAsync(int status)
    {
        Response.StatusCode = status;
        if (status != 204)
        {
            Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }
}
