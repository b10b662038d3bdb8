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
            return made ??= Make(clientConfig);
        }
    }

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => made?.Dispose();

    private HttpClient Make(IClientConfig config)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = config.AllowAutoRedirect,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            PlaintextStreamFilter = (connection, _) => new(new LeaveStream(connection.PlaintextStream, leave)),
        };
        handler.MaxConnectionsPerServer = config.MaxConnectionsPerServer ?? handler.MaxConnectionsPerServer;
        if (config.GetWebProxy() is { } proxy)
        {
            handler.Proxy = proxy;
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // every call has its own bound
    }
}
