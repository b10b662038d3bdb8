using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cluster.Tests.Containers;

/// <summary>A container engine that answers, has no image, and is asked for one in vain;
/// or takes calls and says nothing.</summary>
internal sealed class BentEngine : IAsyncDisposable
{
    private readonly WebApplication engine;
    private readonly DirectoryInfo folder;

    private BentEngine(WebApplication engine, DirectoryInfo folder, Uri address) =>
        (this.engine, this.folder, Address) = (engine, folder, address);

    public Uri Address { get; }

    /// <summary>Each path that was asked for.</summary>
    public List<string> Asked { get; } = [];

    /// <param name="pull">What a pull meets.</param>
    /// <param name="isMute">Whether not even a ping is answered.</param>
    public static async Task<BentEngine> StartAsync(Func<HttpContext, Task>? pull = null, bool isMute = false)
    {
        var folder = Directory.CreateTempSubdirectory("byok-engine-");
        var socket = Path.Combine(folder.FullName, "engine.sock");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        var bent = new BentEngine(builder.Build(), folder, new Uri($"unix://{socket}"));
        bent.engine.Run(context => bent.AnswerAsync(context, pull, isMute));
        await bent.engine.StartAsync();
        return bent;
    }

    /// <summary>Nothing, until whoever asked has gone.</summary>
    public static Task SilentAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    public static Task OfflineAsync(HttpContext context) => SayAsync(context, 500,
        """{"message":"Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host"}""");

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static Task SayAsync(HttpContext context, int status, string json)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        return context.Response.WriteAsync(json);
    }

    private Task AnswerAsync(HttpContext context, Func<HttpContext, Task>? pull, bool isMute)
    {
        var path = context.Request.Path.Value!;
        lock (Asked)
        {
            Asked.Add(path);
        }

        return isMute ? SilentAsync(context)
            : path.EndsWith("/_ping", StringComparison.Ordinal) ? SayAsync(context, 200, "\"OK\"")
            : path.EndsWith("/images/create", StringComparison.Ordinal) && pull is not null ? pull(context)
            : path.EndsWith("/images/json", StringComparison.Ordinal) ? SayAsync(context, 200, "[]")
            : path.EndsWith("/info", StringComparison.Ordinal) || path.EndsWith("/version", StringComparison.Ordinal)
                ? SayAsync(context, 200, "{}")
            : SayAsync(context, 404, """{"message":"there is no such thing"}""");
    }
}
