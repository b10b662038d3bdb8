using Byok.Copying;
using ByokOperator.Reconciling;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Migrations;

/// <summary>What lies in a store beside the prefix that it was moved with.
/// The shared place has no room for it that would be the tenant's.</summary>
internal static class OutsidePrefix
{
    /// <summary>Few names come after it that begin with the same:
    /// only those that go on with this very character.</summary>
    private const string Last = "\U0010FFFF";

    /// <exception cref="RefusedActException">Something does; the message names it.</exception>
    public static async Task DemandNothingAsync(IObjectData data, SharedRef source, CancellationToken cancellation)
    {
        if (await FindAsync(data, source, cancellation) is { } found)
        {
            throw new RefusedActException(found.Reason, found.Message) { NeedsPerson = true };
        }
    }

    /// <summary>The first that does; null where nothing does.</summary>
    public static async Task<FailureText?> FindAsync(
        IObjectData data, SharedRef source, CancellationToken cancellation)
    {
        var found = source.Store.Cloud == CloudKind.Azure
            // where a jump is no less than the whole listing
            ? await data.FindBesideAsync(source.Store, source.Prefix, cancellation)
            : await FirstAsync(data, source, cancellation);
        return found is null ? null : new(
            "WrittenOutsidePrefix",
            $"'{RefusedObject.Escaped(found)}' in the store is not under {source.Prefix}, which alone is the "
                + "tenant's in the shared place: move it there, or delete it",
            NeedsPerson: true);
    }

    /// <summary>
    /// In a few requests, however much there is: what is under the prefix, or the operator's own, is passed over. Names
    /// behind what a jump reaches are read one after the other: each jump leads on,
    /// whatever somebody calls his objects.
    /// </summary>
    private static async Task<string?> FirstAsync(IObjectData data, SharedRef source, CancellationToken cancellation)
    {
        string? after = null;
        while (true)
        {
            string? jump = null;
            await foreach (var version in data.ListVersionsAsync(source.Store, "", after, cancellation))
            {
                if (BehindOwn(version.Key, source.Prefix) is not { } behind)
                {
                    return version.Key;
                }

                if (ObjectOrder.Utf8.Compare(behind, version.Key) > 0 && ObjectOrder.Utf8.Compare(behind, after) > 0)
                {
                    jump = behind;
                    break;
                }
            }

            if (jump is null)
            {
                return null;
            }

            after = jump;
        }
    }

    /// <summary>Null where the name is neither the tenant's in the shared place nor the operator's.</summary>
    private static string? BehindOwn(string key, string prefix) =>
        key.StartsWith(MarkNames.Root, StringComparison.Ordinal) ? MarkNames.Root + Last
        : key.StartsWith(prefix, StringComparison.Ordinal) ? prefix + Last
        : null;
}
