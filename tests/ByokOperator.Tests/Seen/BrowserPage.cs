using System.Text.Json.Nodes;

namespace ByokOperator.Tests.Seen;

/// <summary>One page as the browser lays it out.</summary>
internal sealed class BrowserPage(Browser browser, string session, Uri address)
{
    /// <summary>Whatever was asked for besides the page itself.</summary>
    public IReadOnlyList<string> Loaded =>
        [.. Told("Network.requestWillBeSent").Select(one => (string)one["request"]!["url"]!)
            .Where(url => url != address.AbsoluteUri)];

    /// <summary>What the browser refused the page, or found wrong with it.</summary>
    public IReadOnlyList<string> Complaints =>
    [
        .. Told("Log.entryAdded").Select(one => (string)one["entry"]!["text"]!),
        .. Told("Runtime.exceptionThrown").Select(one => one.ToJsonString()),
    ];

    public Task<JsonNode> AskAsync(string method, JsonObject? parameters = null) =>
        browser.AskAsync(session, method, parameters);

    public Task ResizeAsync(int width, int height) => AskAsync(
        "Emulation.setDeviceMetricsOverride",
        new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    public Task AsOnPaperAsync() => AskAsync("Emulation.setEmulatedMedia", new() { ["media"] = "print" });

    /// <summary>The value of an expression of JavaScript, which is the test's own: the page runs none.</summary>
    public async Task<JsonNode?> ValueAsync(string expression)
    {
        var answer =
            await AskAsync("Runtime.evaluate", new() { ["expression"] = expression, ["returnByValue"] = true });
        return answer["exceptionDetails"] is { } wrong ? throw new InvalidOperationException(wrong.ToJsonString())
            : answer["result"]!["value"];
    }

    /// <summary>What of it a reader can see.</summary>
    public async Task<string> TextAsync() => (string)(await ValueAsync("document.body.innerText"))!;

    /// <summary>How far the page is wider than the window, in pixels.</summary>
    public async Task<int> OverflowAsync() =>
        (int)(await ValueAsync(
            "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - "
                + "document.documentElement.clientWidth"))!;

    /// <summary>A PNG of what the window shows.</summary>
    public async Task<byte[]> PictureAsync() =>
        Convert.FromBase64String(
            (string)(await AskAsync("Page.captureScreenshot",
                new() { ["format"] = "png", ["optimizeForSpeed"] = false }))["data"]!);

    /// <summary>A PDF, on the paper that the page asks for.</summary>
    public async Task<byte[]> PrintAsync() =>
        Convert.FromBase64String(
            (string)(await AskAsync("Page.printToPDF",
                new() { ["preferCSSPageSize"] = true, ["printBackground"] = true }))["data"]!);

    private IEnumerable<JsonNode> Told(string method) =>
        browser.Events.Where(one => (string?)one["sessionId"] == session && (string?)one["method"] == method)
            .Select(one => one["params"]!);
}
