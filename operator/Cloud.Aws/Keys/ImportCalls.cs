using Amazon.KeyManagementService;
using Amazon.Runtime;
using Cloud.Aws.Calling;
using Cloud.Calling;

namespace Cloud.Aws.Keys;

/// <summary>The requests on keys of our own, each to one region.</summary>
internal sealed class ImportCalls(AwsClients clients, AwsCall call)
{
    public Task<T> SendAsync<T>(
        string action,
        string region,
        Func<IAmazonKeyManagementService, CancellationToken, Task<T>> send,
        CancellationToken cancellation,
        CallRetryPolicy policy = CallRetryPolicy.Control)
        where T : AmazonWebServiceResponse =>
        call.SendAsync(
            new AwsRequest($"kms:{action}", region, RetryPolicy: policy),
            stop => send(clients.Kms(region), stop),
            evidence: null,
            cancellation);
}
