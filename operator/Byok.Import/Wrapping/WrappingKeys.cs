using Byok.Material;

namespace Byok.Import.Wrapping;

/// <summary>The generations that are within their validity and its overlap.</summary>
public sealed class WrappingKeys(PlatformKeys keys, TimeProvider time) : IWrappingKeys
{
    public async Task<IReadOnlyList<WrappingKey>> OpenersAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        List<WrappingKey> openers = [];
        foreach (var key in await keys.ReadAsync(cancellation))
        {
            using (key)
            {
                var end = key.NotAfter + keys.Options.Overlap;
                if (now < end && openers.Count < MaterialOpener.MostKeys)
                {
                    openers.Add(new WrappingKey(key.Id, key.Release(), end));
                }
            }
        }

        return openers;
    }
}

/// <summary>The platform's wrapping key as an import sees it.</summary>
public interface IWrappingKeys
{
    /// <summary>
    /// Every private half that may still open something, newest first; empty while the leader has made none yet. Read
    /// from the cluster at each call. The caller disposes of each.
    /// </summary>
    Task<IReadOnlyList<WrappingKey>> OpenersAsync(CancellationToken cancellation);
}
