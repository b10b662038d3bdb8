using System.Net;
using Amazon.Runtime;
using Cloud.Calling;

namespace Cloud.Aws.Calling;

/// <summary>The SDK's own transport, as it would make it for this client, on connections that ask for leave.</summary>
internal sealed class LeaveFactory(Action leave) : HttpClientFactory, IDisposable
{
    private readonly Lock gate = new();
    private HttpClient? made;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        lock (gate)
        {
            return made ??= new HttpClient(Connections(clientConfig, leave)) { Timeout = Timeout.InfiniteTimeSpan }; // every call has its own bound
        }
    }

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => made?.Dispose();

    /// <param name="config">The client's.</param>
    /// <param name="leave">Asked each time bytes are about to go out; null: always given.</param>
    public static SocketsHttpHandler Connections(IClientConfig config, Action? leave)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = config.AllowAutoRedirect,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
        };
        if (leave is not null)
        {
            handler.PlaintextStreamFilter = (connection, _) => new(new LeaveStream(connection.PlaintextStream, leave));
        }

        handler.MaxConnectionsPerServer = config.MaxConnectionsPerServer ?? handler.MaxConnectionsPerServer;
        if (config.GetWebProxy() is { } proxy)
        {
            handler.Proxy = proxy;
        }

        return handler;
    }
}
