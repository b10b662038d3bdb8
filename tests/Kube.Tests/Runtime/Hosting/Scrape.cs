using Kube.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kube.Tests.Runtime.Hosting;

/// <summary>Reads <c>/metrics</c> of this very process as a Prometheus server does.</summary>
internal sealed class Scrape : IAsyncDisposable
{
    private readonly HttpClient http = new();
    private readonly Served served;

    private Scrape(Served served) => this.served = served;

    /// <param name="meters">Besides the runtime's own.</param>
    public static async Task<Scrape> StartAsync(params string[] meters)
    {
        var manager = new Manager(new ManagerOptions(), TimeProvider.System, NullLogger<Manager>.Instance);
        return new Scrape(await Served.StartAsync(manager, TimeProvider.System, metrics: null, meters));
    }

    /// <summary>Braces around no label are left out: they mean nothing.</summary>
    /// <param name="accept">What the scraper would rather have; null: nothing.</param>
    public async Task<string> TextAsync(string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(served.Address, "/metrics"));
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using var answer = await http.SendAsync(request);
        return (await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())
            .Replace("{} ", " ", StringComparison.Ordinal);
    }

    /// <summary>The lines of the metrics that begin so, in order; comments are none.</summary>
    public async Task<string[]> SeriesAsync(string prefix) =>
        [.. (await TextAsync()).Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await served.DisposeAsync();
        http.Dispose();
    }
}
