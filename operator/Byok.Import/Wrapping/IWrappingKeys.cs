using Byok.Material;

namespace Byok.Import.Wrapping;

/// <summary>The platform's wrapping key as an import sees it.</summary>
public interface IWrappingKeys
{
    /// <summary>
    /// Every private half that may still open something, newest first; empty while the leader has made none yet. Read
    /// from the cluster at each call. The caller disposes of each.
    /// </summary>
    Task<IReadOnlyList<WrappingKey>> OpenersAsync(CancellationToken cancellation);
}
