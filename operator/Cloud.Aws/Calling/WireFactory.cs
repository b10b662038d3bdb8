using System.Net;
using Amazon.Runtime;
using Cloud.Calling;

namespace Cloud.Aws.Calling;

/// <summary>
/// The wire under an SDK client: a given one, or the SDK's own transport, as it would make it for this client, on
/// connections that ask for leave. Over either it reaches its service's hosts alone, and what comes back is bounded
/// and can be read.
/// </summary>
internal sealed class WireFactory(
    AwsHosts hosts, HttpMessageHandler? given, Action? leave) : HttpClientFactory, IDisposable
{
    /// <summary>What a GET of an object may say beside its address;
    /// everything else in a query asks for a document.</summary>
    private static readonly string[] objectWords = ["versionId", "x-id"];

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

    private HttpClient Make(IClientConfig config) => new(
        new AwsHostGuard(hosts,
            new LegibleAnswers(new BoundedAnswers(given ?? Connections(config), IsObject), IsObject)),
                disposeHandler: given is null)
    {
        Timeout = Timeout.InfiniteTimeSpan, // every call has its own bound
    };

    private SocketsHttpHandler Connections(IClientConfig config)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = config.AllowAutoRedirect,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null, // traces of ours are nobody else's
        };
        if (leave is not null)
        {
            handler.PlaintextStreamFilter = (connection, _) =>
                new(new WriteGuardStream(connection.PlaintextStream, leave));
        }

        handler.MaxConnectionsPerServer = config.MaxConnectionsPerServer ?? handler.MaxConnectionsPerServer;
        if (config.GetWebProxy() is { } proxy)
        {
            handler.Proxy = proxy;
        }

        return handler;
    }

    /// <summary>Content of any length; whoever asks for it reads it bit by bit,
    /// or as much as a mark may hold.</summary>
    private static bool IsObject(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get
        && request.RequestUri!.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .All(pair => objectWords.Contains(pair.Split('=')[0]));
}

/// <summary>Under the SDK: what it was made to address elsewhere than where its service answers is not sent.</summary>
internal sealed class AwsHostGuard(AwsHosts hosts, HttpMessageHandler wire) : DelegatingHandler(wire)
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) => hosts.Allows(request.RequestUri!)
            ? base.SendAsync(request, cancellationToken)
            : throw ForeignHost.Refuse(request.RequestUri!.Host, "aws:Address");
}
