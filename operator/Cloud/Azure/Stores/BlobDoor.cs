using System.Text;
using System.Xml;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Azure.Objects;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>The little of the data plane that stores are managed by: what lies under a prefix, leases, and small records of ours.</summary>
internal sealed class BlobDoor(AzureCaller caller)
{
    /// <summary>Blobs of one page are held side by side, and a page is the least that is done again after a crash.</summary>
    public const int PageSize = 1000;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false };

    public TimeProvider Time => caller.Time;

    /// <param name="store">Account and container.</param>
    /// <param name="query">Behind the prefix, such as <c>&amp;include=versions</c>.</param>
    public async Task<(IReadOnlyList<string> Names, string? Next)> ListAsync(StoreRef store, string prefix, string query, Evidence? evidence, CancellationToken cancellation)
    {
        var address = Place(store).Listing($"comp=list&prefix={Uri.EscapeDataString(prefix)}{query}");
        using var reply = await caller.SendAsync(new AzureCall("blob:ListBlobs", RequestMethod.Get, address, AzureAudience.Storage), evidence, cancellation);
        try
        {
            return ReadPage(reply.Body.ToMemory());
        }
        catch (XmlException unreadable)
        {
            throw new CloudException(new CloudProblem.Unreachable("ReplyUnreadable", "the page can't be read"), reply.Evidence.Operation, reply.Evidence.RequestId, unreadable);
        }
    }

    /// <summary>Status, and nothing thrown for those accepted.</summary>
    public async Task<int> LeaseAsync(StoreRef store, string name, string action, (string Name, string Value)[] headers, int[] accepts, CancellationToken cancellation)
    {
        var call = new AzureCall("blob:LeaseBlob", RequestMethod.Put, Blob(store, name, "lease"), AzureAudience.Storage)
        {
            Headers = [("x-ms-lease-action", action), .. headers],
            Body = ReadOnlyMemory<byte>.Empty,
            Accepts = accepts,
        };
        using var reply = await caller.SendAsync(call, cancellation);
        return reply.Status;
    }

    /// <summary>Null where there is no such record.</summary>
    public async Task<(string Text, string ETag)?> ReadAsync(StoreRef store, string name, Evidence? evidence, CancellationToken cancellation)
    {
        var call = new AzureCall("blob:GetBlob", RequestMethod.Get, Blob(store, name), AzureAudience.Storage) { Accepts = [404] };
        using var reply = await caller.SendAsync(call, evidence, cancellation);
        return reply.Status == 404 ? null : (reply.Body.ToString(), reply.Header("ETag") ?? "");
    }

    /// <summary>Over what was read, or where nothing is. Returns the new ETag. Conflict where somebody was there first.</summary>
    public async Task<string> WriteAsync(StoreRef store, string name, string text, string? etag, CancellationToken cancellation)
    {
        var call = new AzureCall("blob:PutBlob", RequestMethod.Put, Blob(store, name), AzureAudience.Storage)
        {
            Headers = [("x-ms-blob-type", "BlockBlob"), ("Content-Type", "application/json"), etag is null ? ("If-None-Match", "*") : ("If-Match", etag)],
            Body = Encoding.UTF8.GetBytes(text),
        };
        using var reply = await caller.SendAsync(call, cancellation);
        return reply.Header("ETag") ?? "";
    }

    public async Task DeleteAsync(StoreRef store, string name, CancellationToken cancellation) => (await caller.SendAsync(
        new AzureCall("blob:DeleteBlob", RequestMethod.Delete, Blob(store, name), AzureAudience.Storage) { Accepts = [404] }, cancellation)).Dispose();

    private static (IReadOnlyList<string> Names, string? Next) ReadPage(ReadOnlyMemory<byte> body)
    {
        List<string> names = [];
        string? next = null;
        using var xml = XmlReader.Create(new MemoryStream(body.ToArray(), writable: false), Settings);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, Depth: 3, Name: "Name" })
            {
                var isEncoded = xml.GetAttribute("Encoded") == "true";
                var text = xml.ReadString();
                names.Add(isEncoded ? Uri.UnescapeDataString(text) : text);
            }
            else if (xml is { NodeType: XmlNodeType.Element, Depth: 1, Name: "NextMarker" })
            {
                next = xml.ReadString();
            }
        }

        return (names, next is { Length: > 0 } ? next : null);
    }

    private BlobPlace Place(StoreRef store) => BlobPlace.Of(store, caller.Options.Environment);

    private Uri Blob(StoreRef store, string name, string? comp = null) => Place(store).Blob(name, new BlobMoment.Live(), comp);
}
