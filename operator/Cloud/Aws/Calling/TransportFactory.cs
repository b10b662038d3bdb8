using Amazon.Runtime;

namespace Cloud.Aws.Calling;

/// <summary>Puts a given wire under the SDK.</summary>
internal sealed class TransportFactory(HttpMessageHandler wire) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(wire, disposeHandler: false);

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
}
