using ByokOperator.Copying;
using ByokOperator.Reconciling;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Returning;

/// <summary>What lies in a store beside the prefix that it was moved with. The shared place has no room for it that would be the tenant's.</summary>
internal static class OutsidePrefix
{
    /// <summary>No name comes after it that begins with the same.</summary>
    private const string Last = "\U0010FFFF";

    /// <exception cref="RefusedActException">Something does; the message names it.</exception>
    public static async Task DemandNothingAsync(IObjectData data, SharedRef source, CancellationToken cancellation)
    {
        if (await FirstAsync(data, source, cancellation) is { } name)
        {
            throw new RefusedActException("WrittenOutsidePrefix", $"'{RefusedObject.Escaped(name)}' in the store is not under {source.Prefix}, which alone is the tenant's in the shared place: move it there, or delete it")
            {
                NeedsPerson = true,
            };
        }
    }

    /// <summary>In a few requests, however much there is: what is under the prefix, or the operator's own, is passed over.</summary>
    private static async Task<string?> FirstAsync(IObjectData data, SharedRef source, CancellationToken cancellation)
    {
        string? after = null;
        while (await NextAsync(data, source.Store, after, cancellation) is { } key)
        {
            var passed = key.StartsWith(MarkNames.Root, StringComparison.Ordinal) ? MarkNames.Root
                : key.StartsWith(source.Prefix, StringComparison.Ordinal) ? source.Prefix
                : null;
            if (passed is null)
            {
                return key;
            }

            after = passed + Last;
        }

        return null;
    }

    private static async Task<string?> NextAsync(IObjectData data, StoreRef store, string? after, CancellationToken cancellation)
    {
        await foreach (var version in data.ListVersionsAsync(store, "", after, cancellation))
        {
            return version.Key;
        }

        return null;
    }
}
