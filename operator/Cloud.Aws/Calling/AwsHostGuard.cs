using Cloud.Calling;

namespace Cloud.Aws.Calling;

/// <summary>Under the SDK: what it was made to address elsewhere than where its service answers is not sent.</summary>
internal sealed class AwsHostGuard(AwsHosts hosts, HttpMessageHandler wire) : DelegatingHandler(wire)
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) => hosts.Allows(request.RequestUri!)
            ? base.SendAsync(request, cancellationToken)
            : throw ForeignHost.Refuse(request.RequestUri!.Host, "aws:Address");
}
