using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;

namespace ByokOperator.Tests.Seen;

/// <summary>A Chromium without a window, told what to do by its own protocol (DevTools). Everything of it stands in one
/// folder that goes with it.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";

    private readonly ChildProcess process;
    private readonly ClientWebSocket socket;
    private readonly DirectoryInfo folder;
    private readonly List<JsonNode> events = [];
    private int last;

    private Browser(ChildProcess process, ClientWebSocket socket, DirectoryInfo folder) =>
        (this.process, this.socket, this.folder) = (process, socket, folder);

    public static string Path => Environment.GetEnvironmentVariable("BYOK_TEST_CHROMIUM") is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException(
            "BYOK_TEST_CHROMIUM names no Chromium: run these tests by tests/run.sh, or set it");

    /// <summary>What the browser told unasked, oldest first: <c>method</c> and <c>params</c>.</summary>
    public IReadOnlyList<JsonNode> Events => events;

    public static async Task<Browser> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("byok-browser-");
        var process = ChildProcess.Start(Path,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--force-device-scale-factor=1", "--remote-debugging-port=0",
            $"--user-data-dir={folder.FullName}", "about:blank",
        ]);
        await process.SaysAsync(Listening);
        var address = process.Log.Split('\n')
            .First(line => line.StartsWith(Listening, StringComparison.Ordinal))[Listening.Length..].Trim();
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(address), CancellationToken.None);
        return new Browser(process, socket, folder);
    }

    /// <summary>A page of its own, that tells what it asks the network for and what it is refused.</summary>
    public async Task<BrowserPage> OpenAsync(Uri address, int width, int height)
    {
        var target =
            (string)(await AskAsync(null, "Target.createTarget", new() { ["url"] = "about:blank" }))["targetId"]!;
        var session = (string)(await AskAsync(null, "Target.attachToTarget",
            new() { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!;
        var page = new BrowserPage(this, session, address);
        foreach (var domain in (string[])["Page", "Network", "Log", "Runtime"])
        {
            await page.AskAsync($"{domain}.enable");
        }

        await page.ResizeAsync(width, height);
        await page.AskAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        await UntilAsync(one =>
            (string?)one["sessionId"] == session && (string?)one["method"] == "Page.loadEventFired");
        return page;
    }

    /// <summary>Asks, and gives the answer; what is told meanwhile is kept.</summary>
    /// <exception cref="InvalidOperationException">The browser refuses.</exception>
    public async Task<JsonNode> AskAsync(string? session, string method, JsonObject? parameters = null)
    {
        JsonObject asked = new() { ["id"] = ++last, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null)
        {
            asked["sessionId"] = session;
        }

        await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(asked.ToJsonString()), WebSocketMessageType.Text,
            endOfMessage: true, CancellationToken.None);
        while (true)
        {
            var told = await ReadAsync();
            if ((int?)told["id"] != last)
            {
                events.Add(told);
                continue;
            }

            return told["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}")
                : told["result"]!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await process.DisposeAsync();
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // a helper process of the browser still writes: the folder is a temporary one
        }
    }

    private async Task UntilAsync(Func<JsonNode, bool> isIt)
    {
        while (!events.Exists(one => isIt(one)))
        {
            events.Add(await ReadAsync());
        }
    }

    private async Task<JsonNode> ReadAsync()
    {
        using var limit = new CancellationTokenSource(LastResort.Timeout);
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, limit.Token);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!;
            }
        }
    }
}
