using Azure.Core;
using Azure.Core.Pipeline;
using Cloud.Calling;

namespace Cloud.Azure.Calling;

/// <summary>
/// Stands before the policy that adds tokens: a call to a host that is none of its audience's is never made, nor a
/// token asked for it.
/// </summary>
internal sealed class AzureHostGuard(AzureEnvironment environment) : HttpPipelinePolicy
{
    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var address = message.Request.Uri.ToUri();
        return AzureHosts.Allows(environment, CallAttempt.Of(message).Terms.Audience, address)
            ? ProcessNextAsync(message, pipeline)
            : throw ForeignHost.Refuse(address.Host, "azure:Address");
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("only asked asynchronously");
}
