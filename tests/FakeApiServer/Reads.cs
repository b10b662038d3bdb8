using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FakeApiServer;

/// <summary>Watches over a wire.</summary>
internal sealed class Reads(ObjectStore store, Faults faults, TimeSpan bookmarkInterval)
{
    private static readonly TimeSpan defaultWatch = TimeSpan.FromMinutes(30);

    public async Task WatchAsync(HttpContext context, Resource resource, string? ns, bool metadataOnly)
    {
        var query = context.Request.Query;
        var wanted = Selectors.Parse(ns, query["labelSelector"], query["fieldSelector"]);
        using var drop = faults.Dropped.Register(context.Abort);
        var expired = faults.Expired;
        var end = DateTime.UtcNow
            + (int.TryParse(query["timeoutSeconds"], CultureInfo.InvariantCulture, out var seconds) && seconds > 0
                ? TimeSpan.FromSeconds(seconds) : defaultWatch);
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(context.RequestAborted);
        Task Send(string type, JsonObject json) =>
            SendAsync(context, type, metadataOnly && type != "ERROR" && type != "BOOKMARK" ? Texts.PartialOf(json)
                : json);
        var at = long.TryParse(query["resourceVersion"], CultureInfo.InvariantCulture, out var from) ? from : 0;
        if (at == 0)
        {
            at = store.Version;
            foreach (var (_, stored) in store.List(resource, at, "", wanted, int.MaxValue))
            {
                await Send("ADDED", stored.Object);
            }
        }

        while (DateTime.UtcNow < end)
        {
            var (changes, until, next) = expired.IsCancellationRequested ? throw ApiError.Expired(at, store.Version)
                : store.Since(resource, at);
            if (faults.FreezeWatches)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            foreach (var change in changes)
            {
                if (Seen(change, wanted) is { } type)
                {
                    await Send(type, change.After);
                }
            }

            at = until;
            var pause = TimeSpan.FromTicks(Math.Clamp((end - DateTime.UtcNow).Ticks, 0, bookmarkInterval.Ticks));
            if (await IsQuietAsync(next, pause, expired, context.RequestAborted)
                && query["allowWatchBookmarks"] == "true" && !faults.FreezeWatches)
            {
                await Send("BOOKMARK",
                    new JsonObject
                    {
                        ["kind"] = resource.Kind,
                        ["apiVersion"] = resource.ApiVersion,
                        ["metadata"] = new JsonObject { ["resourceVersion"] = $"{at}" },
                    });
            }
        }
    }

    /// <summary>How a change looks through a selection;
    /// an object that leaves it is deleted as far as the watcher can tell.</summary>
    public static string? Seen(ObjectStore.Change change, Func<JsonObject, bool> wanted)
    {
        var was = change.Before is not null && wanted(change.Before);
        var isNow = !change.IsDelete && wanted(change.After);
        return (was, isNow) switch { (false, true) => "ADDED", (true, true) => "MODIFIED", (true, false) =>
            "DELETED", _ => null };
    }

    /// <summary>True when nothing was written for so long. Without the wait for the write itself,
    /// or a pause would be a leak.</summary>
    private static async Task<bool> IsQuietAsync(
        Task next, TimeSpan pause, CancellationToken expired, CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expired, aborted);
        try
        {
            await next.WaitAsync(pause, either.Token);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return false;
        }
    }

    public static async Task SendAsync(HttpContext context, string type, JsonObject json)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = json.DeepClone() }.ToJsonString() + "\n";
        await context.Response.WriteAsync(line, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
