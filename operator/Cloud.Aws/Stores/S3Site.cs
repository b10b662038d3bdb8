using Amazon.Runtime;
using Amazon.S3;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>The way to S3: the client of a store's region, through <see cref="AwsCall"/>, and who we are.</summary>
internal sealed class S3Site(AwsClients clients, AwsCall call, AwsIdentity identity, AwsOptions options)
{
    public AwsOptions Options => options;

    public TimeProvider Time => call.Time;

    public ValueTask<AwsCaller> CallerAsync(CancellationToken cancellation) => identity.GetAsync(cancellation);

    public Task<T> SendAsync<T>(
        string operation,
        StoreRef store,
        Func<IAmazonS3, CancellationToken, Task<T>> send,
        Evidence? evidence,
        CancellationToken cancellation)
        where T : AmazonWebServiceResponse =>
        SendAsync(new AwsRequest(operation, store.Region, store.Name), send, evidence, cancellation);

    public Task<T> SendAsync<T>(
        AwsRequest request,
        Func<IAmazonS3, CancellationToken, Task<T>> send,
        Evidence? evidence,
        CancellationToken cancellation)
        where T : AmazonWebServiceResponse
    {
        var client = clients.S3(request.Region);
        return call.SendAsync(request, stop => send(client, stop), evidence, cancellation);
    }

    /// <summary>Null where S3 says that the thing is not set.</summary>
    public async Task<T?> FindAsync<T>(
        string operation,
        StoreRef store,
        Func<IAmazonS3, CancellationToken, Task<T>> send,
        Evidence? evidence,
        CancellationToken cancellation)
        where T : AmazonWebServiceResponse
    {
        try
        {
            return await SendAsync(operation, store, send, evidence, cancellation);
        }
        catch (CloudException missing) when (missing.Problem is CloudProblem.NotFound { Code: not "NoSuchBucket" })
        {
            return null;
        }
    }
}
