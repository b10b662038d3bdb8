using System.Xml;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>The way to blobs: addresses, tokens for sources, and replies that are read to their end.</summary>
internal sealed class BlobSite(AzureCaller caller)
{
    /// <summary>A reply that breaks off is asked for again, this often.</summary>
    private const int Readings = 3;

    /// <summary>A token is used up to this long before its end: a copy that a source token outlives has begun by then.</summary>
    private static readonly TimeSpan TokenMargin = TimeSpan.FromMinutes(5);

    private AccessToken sourceToken;

    public AzureOptions Options => caller.Options;

    public TimeProvider Time => caller.Time;

    public BlobPlace Place(StoreRef store) => BlobPlace.Of(store, caller.Options.Environment);

    public Task<AzureReply> SendAsync(AzureCall call, CancellationToken cancellation) => caller.SendAsync(call, cancellation);

    /// <summary>For a streamed reply. What breaks while it is read is a failed call like any other, and is tried again.</summary>
    public async Task<TAnswer> ReadAsync<TAnswer>(
        AzureCall call, Func<AzureReply, CancellationToken, Task<TAnswer>> read, CancellationToken cancellation)
    {
        for (var reading = 1; ; reading++)
        {
            using var reply = await caller.SendAsync(call, cancellation);
            try
            {
                return await read(reply, cancellation);
            }
            catch (Exception broken) when (broken is IOException or XmlException or FormatException or OverflowException or HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                if (reading == Readings)
                {
                    throw new CloudException(new CloudProblem.Unreachable("ReplyBroken", "the reply broke off"), call.Operation, reply.Evidence.RequestId, broken);
                }
            }
        }
    }

    /// <summary>
    /// As what a copy reads its source: ourselves, for the length of a token. A signature in the address would open less
    /// (no versions, no snapshots) and last longer. The service takes it to the source itself, past our own wire, so it is given
    /// for this cloud's blobs alone.
    /// </summary>
    public async Task<string> SourceAuthorizationAsync(Uri source, CancellationToken cancellation)
    {
        if (!AzureHosts.Allows(Options.Environment, AzureAudience.Storage, source))
        {
            throw ForeignHost.Refuse(source.Host, "blob:Source");
        }

        var token = sourceToken;
        if (token.Token is null || token.ExpiresOn - TokenMargin <= Time.GetUtcNow())
        {
            try
            {
                sourceToken = token = await caller.Tokens.GetAsync(AzureAudience.Storage, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                throw new CloudException(AzureProblems.From(failure), "entra:Token", requestId: null, failure);
            }
        }

        return $"Bearer {token.Token}";
    }
}
