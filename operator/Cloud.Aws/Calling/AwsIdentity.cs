using Amazon.SecurityToken.Model;

namespace Cloud.Aws.Calling;

/// <summary>Who we are in AWS. Asked once; a failed asking is asked again.</summary>
internal sealed class AwsIdentity(AwsOptions options, AwsClients clients, AwsCall call) : IDisposable
{
    private readonly SemaphoreSlim asking = new(1, 1);
    private volatile AwsCaller? known = options.OperatorRoleArn is { } arn ? AwsCaller.FromArn(arn) : null;

    public async ValueTask<AwsCaller> GetAsync(CancellationToken cancellation)
    {
        if (known is { } caller)
        {
            return caller;
        }

        await asking.WaitAsync(cancellation);
        try
        {
            return known ??= await AskAsync(cancellation);
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose() => asking.Dispose();

    private async Task<AwsCaller> AskAsync(CancellationToken cancellation)
    {
        var answer = await call.SendAsync(
            new AwsRequest("sts:GetCallerIdentity", options.HomeRegion),
            stop => clients.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), stop),
            evidence: null,
            cancellation);
        return AwsCaller.FromArn(answer.Arn);
    }
}
