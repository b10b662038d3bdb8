using Kube.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kube.Tests.Runtime.Hosting;

/// <summary>Reads <c>/metrics</c> of this very process as a Prometheus server does.</summary>
internal sealed class Scrape : IAsyncDisposable
{
    private readonly HttpClient http = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Manager manager;
    private readonly Task<int> running;

    private Scrape(string[] meters)
    {
        manager = new Manager(new ManagerOptions { Listen = "http://127.0.0.1:0", Meters = meters }, TimeProvider.System, NullLogger<Manager>.Instance);
        running = manager.RunAsync(stop.Token);
    }

    /// <param name="meters">Besides the runtime's own.</param>
    public static async Task<Scrape> StartAsync(params string[] meters)
    {
        var scrape = new Scrape(meters);
        while (scrape.manager.Address is null)
        {
            await (scrape.running.IsCompleted ? scrape.running : Task.Delay(5));
        }

        return scrape;
    }

    /// <summary>Braces around no label are left out: they mean nothing.</summary>
    /// <param name="accept">What the scraper would rather have; null: nothing.</param>
    public async Task<string> TextAsync(string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{manager.Address}/metrics");
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using var answer = await http.SendAsync(request);
        return (await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).Replace("{} ", " ", StringComparison.Ordinal);
    }

    /// <summary>The lines of the metrics that begin so, in order; comments are none.</summary>
    public async Task<string[]> SeriesAsync(string prefix) =>
        [.. (await TextAsync()).Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        manager.Dispose();
        http.Dispose();
        stop.Dispose();
    }
}
