using System.Runtime.CompilerServices;
using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>
/// What is the tenant's of a place: everything under a prefix, and of a whole container everything but the operator's
/// own (<see cref="MarkNames.Root"/>). Whatever copies, proves, counts or deletes a tenant's data lists it here.
/// </summary>
public static class TenantListing
{
    /// <param name="data">The cloud.</param>
    /// <param name="store">The bucket, or the account's container.</param>
    /// <param name="prefix">Empty: all of it.</param>
    /// <param name="afterKey">Where to go on; null: from the start.</param>
    /// <param name="cancellation">The caller's.</param>
    /// <exception cref="InvalidDataException">The listing brought what was not asked for.</exception>
    public static async IAsyncEnumerable<ObjectVersion> OfAsync(
        IObjectData data, StoreRef store, string prefix, string? afterKey,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var version in data.ListVersionsAsync(store, prefix, afterKey, cancellation))
        {
            if (!version.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"a listing of '{prefix}' brought '{version.Key}'");
            }

            if (!version.Key.StartsWith(MarkNames.Root, StringComparison.Ordinal))
            {
                yield return version;
            }
        }
    }
}
