using System.Collections.Concurrent;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Wrapping;

/// <summary>The generations of the platform's wrapping key that stand in the cluster, read anew each time: no private
/// half is kept in memory between uses.</summary>
public sealed class PlatformKeys(KubeClient kube, WrappingOptions options)
{
    /// <summary>Where a key stands, by its id: nothing secret, and a handful in a year.</summary>
    private readonly ConcurrentDictionary<string, ObjectKey> addresses = [];

    public WrappingOptions Options => options;

    /// <summary>Newest first. The caller disposes of each.</summary>
    public async Task<IReadOnlyList<PlatformKey>> ReadAsync(CancellationToken cancellation)
    {
        List<PlatformKey> keys = [];
        await foreach (var page in kube.Api<Secret>().ListAsync(WrappingSecret.Selection(options), cancellation))
        {
            keys.AddRange(page.Items.Select(WrappingSecret.Read).OfType<PlatformKey>());
        }

        keys.Sort((one, other) => other.Generation.CompareTo(one.Generation));
        return keys;
    }

    /// <summary>One that was seen before is read by its name alone. The caller disposes of it;
    /// null where none of this id stands.</summary>
    public async Task<PlatformKey?> FindAsync(string id, CancellationToken cancellation)
    {
        if (addresses.TryGetValue(id, out var known)
            && await kube.Api<Secret>().TryGetAsync(known, cancellation) is { } secret
            && WrappingSecret.Read(secret) is { } key)
        {
            if (key.Id == id)
            {
                return key;
            }

            key.Dispose();
        }

        var keys = await ReadAsync(cancellation);
        foreach (var one in keys)
        {
            addresses[one.Id] = one.Metadata.Key;
        }

        var found = keys.FirstOrDefault(one => one.Id == id);
        PlatformKey.Dispose(keys.Where(one => one != found));
        return found;
    }

    /// <summary>The one that is handed out, as published. The caller disposes of it; null while the leader has made
    /// none, or where its Secret is gone.</summary>
    public async Task<PlatformKey?> FindNewestAsync(CancellationToken cancellation) =>
        await kube.Api<ConfigMap>().TryGetAsync(PublicHalf.Address(options), cancellation) is { } published
            && PublicHalf.KeyIdOf(published) is { } id
            ? await FindAsync(id, cancellation)
            : null;

    /// <summary>Adds a generation, unless somebody else just did.</summary>
    public async Task<bool> TryAddAsync(Secret made, CancellationToken cancellation)
    {
        try
        {
            await kube.Api<Secret>().CreateAsync(made, cancellation, ImportObjects.FieldManager);
            return true;
        }
        catch (KubeException taken) when (taken.Status.IsAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>The highest number in use, spoilt Secrets counted:
    /// a number is never given twice while its Secret stands.</summary>
    public async Task<int> LastGenerationAsync(CancellationToken cancellation)
    {
        var last = 0;
        await foreach (var page in kube.Api<PartialObject<Secret>>()
            .ListAsync(WrappingSecret.Selection(options), cancellation))
        {
            last = page.Items.Select(secret => WrappingSecret.GenerationOf(secret.Metadata)).Append(last).Max();
        }

        return last;
    }

    public Task RemoveAsync(PlatformKey key, CancellationToken cancellation) =>
        kube.Api<PartialObject<Secret>>()
            .DeleteAsync(key.Metadata.Key, new DeleteOptions { Uid = key.Metadata.Uid }, cancellation);

    public async Task PublishAsync(PlatformKey key, CancellationToken cancellation)
    {
        var wanted = PublicHalf.Of(options, key);
        var api = kube.Api<ConfigMap>();
        if (!PublicHalf.Says(await api.TryGetAsync(wanted.Metadata.Key, cancellation), wanted))
        {
            await api.ApplyAsync(wanted, ImportObjects.FieldManager, cancellation);
        }
    }
}
