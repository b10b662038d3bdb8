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
