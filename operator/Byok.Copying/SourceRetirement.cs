using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>
/// Deletes the old copy, version by version, and only what the delta's manifest vouches for (law 5). Where to go on is
/// seen, not stored: the first version that is still there.
/// </summary>
public sealed class SourceRetirement(IObjectData data)
{
    /// <summary>What one delete request takes.</summary>
    public const int BatchSize = 1_000;

    /// <summary>One act stays short, so that a lost leadership and a changed world are noticed soon.</summary>
    public const int BatchesPerAct = 10;

    /// <summary>Enough for a person to see what kind of thing it is.</summary>
    private const int NamedKeys = 10;

    /// <param name="mayAct">Asked live before each batch: leadership, and whatever else the act depends on.</param>
    public async Task<RetirementStep> RetireAsync(
        RetirementOrder order, Func<CancellationToken, Task<bool>> mayAct, CancellationToken cancellation)
    {
        if (!order.Source.IsSound)
        {
            throw new ArgumentException(
                $"prefix '{order.Source.Prefix}' must end in a slash, or neighbours would be deleted", nameof(order));
        }

        long deleted = 0;
        var remaining = TenantListing.OfAsync(data, order.Source.Store, order.Source.Prefix, afterKey: null,
            cancellation).GetAsyncEnumerator(cancellation);
        await using var closing = remaining;
        if (!await remaining.MoveNextAsync())
        {
            return new RetirementStep.Finished(deleted);
        }

        var manifest = new MergedManifest(data, order.Target, order.Fingerprint, order.Shards);
        await using var verified = new VerifiedObjects(manifest.ReadAsync(remaining.Current.Key, cancellation),
            ObjectOrder.Of(order.Target.Cloud), cancellation);
        for (var batches = 0; batches < BatchesPerAct; batches++)
        {
            var (batch, unverified, isLast) = await NextBatchAsync(remaining, verified);
            if (unverified.Count > 0)
            {
                return new RetirementStep.Unverified(unverified, deleted);
            }

            if (!await mayAct(cancellation))
            {
                return new RetirementStep.Halted(deleted);
            }

            await data.DeleteVersionsAsync(order.Source.Store, batch, cancellation);
            deleted += batch.Count;
            if (isLast)
            {
                return new RetirementStep.Finished(deleted);
            }
        }

        return new RetirementStep.Partly(deleted);
    }

    /// <summary>The next versions of the source, starting at the current one, each held against the manifest.</summary>
    private static async Task<(List<ObjectVersion> Batch, List<string> Unverified, bool IsLast)> NextBatchAsync(
        IAsyncEnumerator<ObjectVersion> remaining, VerifiedObjects verified)
    {
        List<ObjectVersion> batch = [];
        List<string> unverified = [];
        while (batch.Count + unverified.Count < BatchSize)
        {
            var version = remaining.Current;
            if (version.IsImplied)
            {
                // Our own deletes make it, under another name with each version that goes: nobody could vouch for it,
                // and the versions beneath it are each held against the manifest.
            }
            else if (await verified.FindAsync(version) is { } entry)
            {
                batch.Add(Exactly(version, entry));
            }
            else if (unverified.Count < NamedKeys)
            {
                unverified.Add(version.Key);
            }
            else
            {
                return (batch, unverified, false);
            }

            if (!await remaining.MoveNextAsync())
            {
                return (batch, unverified, true);
            }
        }

        return (batch, unverified, false);
    }

    /// <summary>
    /// In a versioned store (its copy is one too) a delete without an id would put a marker on top instead. In an
    /// unversioned one the ETag is the condition, and an id would set it aside.
    /// </summary>
    private static ObjectVersion Exactly(ObjectVersion version, ManifestEntry entry) =>
        version.VersionId is null && entry.TargetVersion is not null
            ? version with { VersionId = ManifestEntry.NullVersion } : version;
}

/// <summary>What may be retired, and the run that vouches for it.</summary>
public sealed record RetirementOrder(SharedRef Source, StoreRef Target, string Fingerprint, int Shards);
