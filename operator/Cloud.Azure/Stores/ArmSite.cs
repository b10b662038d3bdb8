using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Calling;

namespace Cloud.Azure.Stores;

/// <summary>The way to Resource Manager: resources by id, documents as JSON.</summary>
internal sealed class ArmSite(AzureCaller caller)
{
    /// <summary>A subscription holds 500 accounts in a region by request, and 4,000 role assignments;
    /// a page of either is long.</summary>
    private const int MostPages = 100;

    public AzureOptions Options => caller.Options;

    public TimeProvider Time => caller.Time;

    /// <summary>Null where the resource is not there; a group or a subscription that is missing is a problem.</summary>
    public async Task<JsonObject?> FindAsync(
        string operation, string id, string version, Evidence? evidence, CancellationToken cancellation)
    {
        var reply = await caller.SendAsync(
            CallOf(operation, RequestMethod.Get, id, version, body: null) with { Accepts = [404] }, evidence,
            cancellation);
        if (reply.Status != 404)
        {
            return Read(reply);
        }

        var (code, message) = AzureRefusal.Parse(reply.Body.ToMemory());
        return code is "ResourceGroupNotFound" or "SubscriptionNotFound"
            ? throw new CloudException(AzureProblems.From(404, code, message), operation, reply.Evidence.RequestId)
            : null;
    }

    public async Task<(AzureReply Reply, JsonObject Document)> SendAsync(
        string operation, RequestMethod method, string id, string version, JsonObject? body,
        CancellationToken cancellation)
    {
        var reply = await caller.SendAsync(CallOf(operation, method, id, version, body), cancellation);
        return (reply, Read(reply));
    }

    /// <summary>All of a listing, page after page.</summary>
    /// <param name="filter">An OData filter; null for none.</param>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        string operation, string id, string version, string? filter, Evidence? evidence,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var call = CallOf(operation, RequestMethod.Get, id, filter is null ? version
            : $"{version}&$filter={Uri.EscapeDataString(filter)}", body: null);
        for (var pages = 1; ; pages++)
        {
            var reply = await caller.SendAsync(call, evidence, cancellation);
            var page = Read(reply);
            foreach (var item in (page["value"] as JsonArray ?? []).OfType<JsonObject>())
            {
                yield return item;
            }

            if (AccountFacts.Text(page, "nextLink") is not { } next)
            {
                yield break;
            }

            if (pages == MostPages || !Uri.TryCreate(next, UriKind.Absolute, out var address))
            {
                throw new CloudException(
                    new CloudProblem.Refused("ListTooLong", "Resource Manager lists more than Azure allows"),
                    operation);
            }

            call = new AzureCall(operation, RequestMethod.Get, Own(address), AzureAudience.ResourceManager);
        }
    }

    /// <summary>A question that is put as a POST and changes nothing.</summary>
    public async Task<JsonObject> AskAsync(
        string operation, string id, string version, JsonObject body, Evidence? evidence,
        CancellationToken cancellation)
    {
        var reply = await caller.SendAsync(
            CallOf(operation, RequestMethod.Post, id, version, body) with { Changes = false }, evidence, cancellation);
        return Read(reply);
    }

    /// <summary>Where an operation's progress is told: only ever Resource Manager itself,
    /// for our token goes along.</summary>
    public async Task<AzureReply> FollowAsync(Uri monitor, CancellationToken cancellation) =>
        await caller.SendAsync(
            new AzureCall("arm:GetOperation", RequestMethod.Get, Own(monitor), AzureAudience.ResourceManager),
            cancellation);

    public static JsonObject Read(AzureReply reply)
    {
        try
        {
            return reply.Body.ToMemory().Length == 0 ? [] : StrictJson.Parse(reply.Body.ToMemory()) as JsonObject ?? [];
        }
        catch (JsonException unreadable)
        {
            throw new CloudException(new CloudProblem.Unreachable("ReplyUnreadable", "the answer is no JSON"),
                reply.Evidence.Operation, reply.Evidence.RequestId, unreadable);
        }
    }

    private Uri Own(Uri address)
    {
        var manager = Options.Environment.ResourceManager;
        return address.Scheme == manager.Scheme && address.Authority == manager.Authority
            ? address
            : throw new CloudException(
                new CloudProblem.Unreachable("MonitorElsewhere",
                    "an answer is said to go on at another address than Resource Manager's"), "arm:GetOperation");
    }

    private AzureCall CallOf(string operation, RequestMethod method, string id, string version, JsonObject? body)
    {
        var address = new Uri(Options.Environment.ResourceManager, $"{id}?api-version={version}");
        var call = new AzureCall(operation, method, address, AzureAudience.ResourceManager);
        return body is null ? call
            : call with
            {
                Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
                Headers = [("Content-Type", "application/json")],
            };
    }
}
