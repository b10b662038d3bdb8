using System.Buffers;
using System.Collections.Concurrent;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;

namespace Cloud.Azure.Objects;

/// <summary>The SDK's clients, under our rules. They hold no credentials: tokens are one of the rules.</summary>
internal sealed class BlobClients
{
    /// <summary>Of a version's id and a snapshot's time; anything else is escaped.</summary>
    private static readonly SearchValues<char> OfStamps =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:");

    private readonly BlobClientOptions options;
    private readonly ConcurrentDictionary<BlobPlace, BlobContainerClient> containers = new();

    public BlobClients(AzureCaller caller)
    {
        options = caller.UnderOurRules(new BlobClientOptions(AzureVersions.Blob) { TrimBlobNameSlashes = false });
        options.AddPolicy(new PrefixEcho(), HttpPipelinePosition.PerRetry);
    }

    /// <summary>One for each container: making a pipeline costs more than sending through it.</summary>
    public BlobContainerClient Container(BlobPlace place) =>
        containers.TryGetValue(place, out var made) ? made
            : containers.GetOrAdd(place, one => new BlobContainerClient(one.Address, options));

    /// <summary>A client of one state of a blob. Clients of a kind, such as <see cref="BlockBlobClient"/>, write to the
    /// live one and come from <see cref="Container"/>.</summary>
    public BlobBaseClient Blob(BlobPlace place, string name, BlobMoment moment)
    {
        BlobPlace.Demand(name);
        if (moment.Stamp is not { } stamp)
        {
            return Container(place).GetBlobBaseClient(name);
        }

        // WithVersion and WithSnapshot take slashes off the ends of a name, whatever the options say, and would address
        // another blob; what they are given stands in the address as it is, and an empty one not at all:
        // that would be the live blob.
        if (stamp.Length == 0 || stamp.AsSpan().ContainsAnyExcept(OfStamps) || name.StartsWith('/')
            || name.EndsWith('/'))
        {
            return new BlobBaseClient(place.Blob(name, moment), options);
        }

        var live = Container(place).GetBlobBaseClient(name);
        return moment is BlobMoment.Snapshot ? live.WithSnapshot(stamp) : live.WithVersion(stamp);
    }

    /// <summary>Of a page blob's pages.</summary>
    public PageBlobClient Pages(BlobPlace place, string name, BlobMoment moment) =>
        new(place.Blob(name, moment), options);
}
