using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Tests.Contract;

/// <summary>A whole listing at once, which only a test's store is small enough for.</summary>
internal static class Listed
{
    public static async Task<List<ObjectVersion>> ListAsync(
        this IObjectWorld world, StoreRef store, string prefix, string? after = null)
    {
        var all = new List<ObjectVersion>();
        await foreach (var version in world.Objects.ListVersionsAsync(store, prefix, after, CancellationToken.None))
        {
            all.Add(version);
        }

        return all;
    }
}
