using Kube.Core;

namespace Kube.Runtime.Watching;

public sealed record StoreOptions<T>
    where T : class, IResource<T>
{
    /// <summary>Applied to each object before it is kept: drop what nobody reads, so that memory stays small.</summary>
    public Func<T, T>? Trim { get; init; }

    public WatchTimes Times { get; init; } = new();
}
