using ByokOperator.Api;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Importing.Wrapping;

/// <summary>The generations of the platform's wrapping key that stand in the cluster, read anew each time: no private half is kept in memory between uses.</summary>
internal sealed class PlatformKeys(KubeClient kube, WrappingOptions options)
{
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

    /// <summary>Adds a generation, unless somebody else just did.</summary>
    public async Task<bool> TryAddAsync(Secret made, CancellationToken cancellation)
    {
        try
        {
            await kube.Api<Secret>().CreateAsync(made, cancellation, Children.FieldManager);
            return true;
        }
        catch (KubeException taken) when (taken.Status.IsAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>The highest number in use, spoilt Secrets counted: a number is never given twice while its Secret stands.</summary>
    public async Task<int> LastGenerationAsync(CancellationToken cancellation)
    {
        var last = 0;
        await foreach (var page in kube.Api<PartialObject<Secret>>().ListAsync(WrappingSecret.Selection(options), cancellation))
        {
            last = page.Items.Select(secret => WrappingSecret.GenerationOf(secret.Metadata)).Append(last).Max();
        }

        return last;
    }

    public Task RemoveAsync(PlatformKey key, CancellationToken cancellation) =>
        kube.Api<PartialObject<Secret>>().DeleteAsync(key.Metadata.Key, new DeleteOptions { Uid = key.Metadata.Uid }, cancellation);

    public async Task PublishAsync(PlatformKey key, CancellationToken cancellation)
    {
        var wanted = PublicHalf.Of(options, key);
        var api = kube.Api<ConfigMap>();
        if (!PublicHalf.Says(await api.TryGetAsync(wanted.Metadata.Key, cancellation), wanted))
        {
            await api.ApplyAsync(wanted, Children.FieldManager, cancellation);
        }
    }
}
