using Byok.Import.Wrapping;
using Byok.Material;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Requests;

/// <summary>Requests as the controllers need them, kept in the cluster alone: a restart forgets none. Makes none,
/// and no key pair.</summary>
public sealed class ImportRequests(
    KubeClient kube, RequestOptions options, PlatformKeys platform, TimeProvider time) : IImportRequests
{
    private readonly KubeApi<Secret> secrets = kube.Api<Secret>();

    public async Task<IReadOnlyList<ImportRequest>> FindAsync(ObjectKey key, CancellationToken cancellation)
    {
        List<ImportRequest> found = [];
        await foreach (var page in secrets.ListAsync(RequestSecret.For(options.Namespace, key), cancellation))
        {
            found.AddRange(page.Items.Select(RequestSecret.Read).OfType<ImportRequest>());
        }

        found.Sort((one, other) => other.ExpiresAt.CompareTo(one.ExpiresAt));
        return found;
    }

    public async Task<IReadOnlyList<WrappingKey>> OpenersAsync(
        ObjectKey key, string? requestId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        IReadOnlyList<ImportRequest> standing = requestId is not null
            ? await ReadAsync(requestId, cancellation) is { } named && named.For == key && IsGood(named) ? [named] : []
            : [.. (await FindAsync(key, cancellation)).Where(IsGood).Take(MaterialOpener.MostKeys)];
        if (standing is [])
        {
            return [];
        }

        var keys = await platform.ReadAsync(cancellation);
        try
        {
            return [.. standing.Select(request => request.Decrypt(keys)).OfType<WrappingKey>()];
        }
        finally
        {
            PlatformKey.Dispose(keys);
        }

        // What was handed in in time may be opened later;
        // an upload that merely names a request was never held against its end.
        bool IsGood(ImportRequest request) => request.UsedAt is not null || request.IsOpenAt(now);
    }

    public async Task ForgetAsync(ObjectKey key, string requestId, CancellationToken cancellation)
    {
        if (await ReadAsync(requestId, cancellation) is { } request && request.For == key)
        {
            await kube.Api<PartialObject<Secret>>()
                .DeleteAsync(request.Metadata.Key, new DeleteOptions { Uid = request.Metadata.Uid }, cancellation);
        }
    }

    /// <summary>An id that was read from what a tenant can write leads to no other object than a request.</summary>
    private async Task<ImportRequest?> ReadAsync(string id, CancellationToken cancellation) =>
        ImportToken.IsId(id)
            && await secrets.TryGetAsync(RequestSecret.Address(options.Namespace, id), cancellation) is { } secret
                ? RequestSecret.Read(secret) : null;
}
