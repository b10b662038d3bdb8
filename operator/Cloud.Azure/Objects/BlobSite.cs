using System.Diagnostics;
using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>The way to blobs: the SDK's clients, what they are called under, and tokens for sources.</summary>
internal sealed class BlobSite(AzureCaller caller)
{
    /// <summary>A token is used up to this long before its end:
    /// a copy that a source token outlives has begun by then.</summary>
    private static readonly TimeSpan TokenMargin = TimeSpan.FromMinutes(5);

    private readonly BlobClients clients = new(caller);
    private AccessToken sourceToken;

    public AzureOptions Options => caller.Options;

    public TimeProvider Time => caller.Time;

    public BlobPlace Place(StoreRef store) => BlobPlace.Of(store, caller.Options.Environment);

    public BlobContainerClient Container(StoreRef store) => clients.Container(Place(store));

    public BlobBaseClient Blob(StoreRef store, string name, BlobMoment moment) =>
        clients.Blob(Place(store), name, moment);

    public PageBlobClient Pages(StoreRef store, string name, BlobMoment moment) =>
        clients.Pages(Place(store), name, moment);

    /// <param name="call">What it goes by.</param>
    /// <param name="once">One request of the SDK's. It is asked again where it may be.</param>
    /// <param name="cancellation">The caller's.</param>
    public Task<TAnswer> CallAsync<TAnswer>(
        BlobCall call, Func<CancellationToken, Task<TAnswer>> once, CancellationToken cancellation) =>
        CallAsync(call, once, evidence: null, cancellation);

    public Task<TAnswer> CallAsync<TAnswer>(
        BlobCall call, Func<CancellationToken, Task<TAnswer>> once, Evidence? evidence,
        CancellationToken cancellation) =>
        caller.RunAsync(call, evidence, once, cancellation);

    /// <summary>One page of a listing, in one request.</summary>
    public Task<Page<BlobItem>> PageAsync(
        StoreRef store, GetBlobsOptions asked, (string? Marker, int Size) page, Evidence? evidence,
        CancellationToken cancellation)
    {
        asked.ResponseFormat = StorageResponseFormat.Xml;
        return caller.RunAsync(
            new BlobCall("blob:ListBlobs"), evidence,
            stop => FirstAsync(Container(store).GetBlobsAsync(asked, stop).AsPages(page.Marker, page.Size)),
            cancellation);
    }

    /// <summary>One page of what is right in a folder.</summary>
    public Task<Page<BlobHierarchyItem>> FolderAsync(
        StoreRef store, string folder, (string? Marker, int Size) page, CancellationToken cancellation)
    {
        var asked = new GetBlobsByHierarchyOptions
        {
            Prefix = folder,
            Delimiter = "/",
            ResponseFormat = StorageResponseFormat.Xml,
        };
        return caller.RunAsync(
            new BlobCall("blob:ListBlobs"), evidence: null,
            stop => FirstAsync(Container(store).GetBlobsByHierarchyAsync(asked, stop).AsPages(page.Marker, page.Size)),
            cancellation);
    }

    /// <summary>The SDK's pages ask for the next one only when somebody goes on.</summary>
    public static async Task<Page<TItem>> FirstAsync<TItem>(IAsyncEnumerable<Page<TItem>> pages)
        where TItem : notnull
    {
        await foreach (var page in pages)
        {
            return page;
        }

        throw new UnreachableException("a listing has at least one page");
    }

    /// <summary>
    /// As what a copy reads its source: ourselves, for the length of a token. A signature in the address would open
    /// less (no versions, no snapshots) and last longer. The service takes it to the source itself, past our own wire,
    /// so it is given for this cloud's blobs alone.
    /// </summary>
    public async Task<HttpAuthorization> SourceAuthorizationAsync(Uri source, CancellationToken cancellation)
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

        return new HttpAuthorization("Bearer", token.Token);
    }
}
