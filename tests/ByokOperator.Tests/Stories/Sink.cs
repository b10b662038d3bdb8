using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Notifications;
using Cluster.Tests.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Tests.Stories;

/// <summary>A receiver that does what docs/notices.md says.</summary>
internal sealed class Sink : IAsyncDisposable
{
    public const string Secret = "a secret of the sink and nobody else";

    private readonly ConcurrentQueue<JsonNode> heard = new();
    private readonly WebApplication app;

    private Sink()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.MapPost("/hook", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var timestamp = context.Request.Headers["Byok-Timestamp"].ToString();
            if (context.Request.Headers["Byok-Signature"]
                != NotificationSignature.Sign(Encoding.UTF8.GetBytes(Secret), timestamp, body.ToArray()))
            {
                Forged.Enqueue(timestamp);
            }

            var notice = JsonNode.Parse(body.ToArray())!;
            heard.Enqueue(notice);
            context.Response.StatusCode = Refuses(notice) ? StatusCodes.Status400BadRequest
                : StatusCodes.Status202Accepted;
        });
    }

    public string Address => app.Urls.First() + "/hook";

    /// <summary>Which it does not take.</summary>
    public Func<JsonNode, bool> Refuses { get; set; } = _ => false;

    public ConcurrentQueue<string> Forged { get; } = new();

    public IReadOnlyList<string> Ids => [.. heard.Select(one => (string)one["id"]!)];

    public int Count(string type) => heard.Count(one => (string?)one["type"] == type);

    public static async Task<Sink> StartAsync()
    {
        var sink = new Sink();
        await sink.app.StartAsync();
        return sink;
    }

    public async Task<JsonNode> HeardAsync(string type, int times = 1)
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            if (heard.Where(one => (string?)one["type"] == type).Skip(times - 1).FirstOrDefault() is { } found)
            {
                return found;
            }
        }

        throw new TimeoutException(
            $"nobody told {type} {times} times; heard: {string.Join(", ", heard.Select(one => (string?)one["type"]))}");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
