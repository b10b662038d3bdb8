using System.Runtime.CompilerServices;
using Azure.Storage.Blobs.Models;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>Everything under a prefix, a page at a time. It takes no key,
/// so it goes on when the tenant's is gone.</summary>
internal sealed class BlobListing(BlobSite site)
{
    /// <summary>The SDK holds a page as a document: of 1,000 blobs that is a few MB, and never more than an answer may
    /// be, however long names are.</summary>
    private const int PageSize = 1000;

    /// <summary>One name's states are held together to be ordered.</summary>
    private const int MostOfOneName = 200_000;

    /// <summary>
    /// The service tells where to go on only in a word of its own, so a listing after a key begins at the prefix and
    /// passes over what comes before: a request for each 1,000 names.
    /// </summary>
    public async IAsyncEnumerable<ObjectVersion> ListAsync(
        StoreRef store, string prefix, string? afterKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? before = null;
        List<ListedBlob> held = [];
        await foreach (var blob in BlobsAsync(store, prefix, cancellation))
        {
            ObjectOrder.Utf16.Demand(before, blob.Name, "blob:ListBlobs");
            before = blob.Name;
            if (afterKey is not null && ObjectOrder.Utf16.Compare(before, afterKey) <= 0)
            {
                continue;
            }

            if (held.Count > 0 && held[0].Name != blob.Name)
            {
                foreach (var version in BlobHistory.Of(held))
                {
                    yield return version;
                }

                held.Clear();
            }

            held.Add(blob);
            Demand(held);
        }

        foreach (var version in held.Count > 0 ? BlobHistory.Of(held) : [])
        {
            yield return version;
        }
    }

    /// <summary>What stands under exactly that name, in the port's order.</summary>
    public async Task<IReadOnlyList<ObjectVersion>> OfAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        List<ListedBlob> found = [];
        await foreach (var blob in BlobsAsync(store, key, cancellation))
        {
            if (blob.Name != key)
            {
                break;
            }

            found.Add(blob);
        }

        return found.Count > 0 ? [.. BlobHistory.Of(found)] : [];
    }

    /// <summary>
    /// Folder by folder down to the prefix, so that what lies in it need not be listed. What is kept of a name that
    /// answers to nobody any more shows in no folder.
    /// </summary>
    public async Task<string?> FindBesideAsync(StoreRef store, string prefix, CancellationToken cancellation)
    {
        for (var (folder, next) = ("", prefix.IndexOf('/', StringComparison.Ordinal)); next >= 0;
            next = prefix.IndexOf('/', next + 1))
        {
            var inside = prefix[..(next + 1)];
            await foreach (var name in FolderAsync(store, folder, cancellation))
            {
                if (name != inside && !name.StartsWith(Mark.Root, StringComparison.Ordinal))
                {
                    return name;
                }
            }

            folder = inside;
        }

        return null;
    }

    /// <summary>Blobs right in it, and folders in it.</summary>
    private async IAsyncEnumerable<string> FolderAsync(
        StoreRef store, string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? marker = null;
        do
        {
            var page = await site.FolderAsync(store, folder, (marker, PageSize), cancellation);
            foreach (var item in page.Values)
            {
                yield return item.IsPrefix ? item.Prefix : item.Blob.Name;
            }

            marker = page.ContinuationToken is { Length: > 0 } next && next != marker ? next : null;
        }
        while (marker is not null);
    }

    private async IAsyncEnumerable<ListedBlob> BlobsAsync(
        StoreRef store, string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? marker = null;
        while (true)
        {
            var page = await site.PageAsync(
                store, new GetBlobsOptions { States = BlobStates.Snapshots | BlobStates.Version, Prefix = prefix },
                (marker, PageSize), evidence: null, cancellation);
            foreach (var blob in page.Values)
            {
                yield return new ListedBlob(blob);
            }

            if (page.ContinuationToken is not { Length: > 0 } next)
            {
                yield break;
            }

            marker = next != marker ? next
                : throw new CloudException(
                    new CloudProblem.Unreachable("ListStuck",
                        "the listing says that there is more, but not from where"), "blob:ListBlobs");
        }
    }

    private static void Demand(List<ListedBlob> held)
    {
        if (held.Count > MostOfOneName)
        {
            throw new CloudException(
                new CloudProblem.Refused("TooManyVersions",
                    $"'{held[0].Name}' has more than {MostOfOneName} versions and snapshots; delete old ones first"),
                        "blob:ListBlobs");
        }
    }
}
