using Cloud;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>
/// Brings one key of the target to what its plan says. Every attempt after the first looks at the target anew, so an
/// attempt whose answer was lost is found there and not repeated.
/// </summary>
internal sealed class ObjectCopier(
    IObjectData data, CopyOptions options, Verification verification, AdaptiveConcurrency gate, CopyRetryPolicy retries)
{
    /// <summary>Contents that still differ after so many copies are not an accident of transport.</summary>
    private const int MaxBadCopies = 3;

    private readonly CopyCall call = new(data, options);
    private readonly OwnCopies own = new(data, options.Source, options.To);

    /// <param name="source">Oldest first.</param>
    /// <param name="previous">Oldest first.</param>
    /// <param name="target">Oldest first; null when nothing of ours can stand there yet.</param>
    public async Task<ObjectResult> CopyAsync(
        string key,
        IReadOnlyList<ObjectVersion> source,
        IReadOnlyList<ManifestEntry> previous,
        IReadOnlyList<ObjectVersion>? target,
        CancellationToken cancellation)
    {
        var failures = 0;
        var throttles = 0;
        while (true)
        {
            try
            {
                var plan = ObjectPlan.For(source, previous, target);
                await own.DemandAsync(plan.Removals.Where(version => !previous.Any(entry => entry.IsStoredAs(version))),
                    byName: false, cancellation);
                return await AttemptAsync(key, plan, cancellation);
            }
            catch (CloudException refusal) when (refusal.Problem is CloudProblem.Throttled
                && ++throttles < CopyRetryPolicy.MaxThrottles)
            {
                gate.SlowDown();
                await retries.WaitAsync(refusal.Problem, throttles, cancellation);
            }
            catch (CloudException failure) when (failure.Problem is CloudProblem.Unreachable
                && ++failures < CopyRetryPolicy.MaxAttempts)
            {
                await retries.WaitAsync(failure.Problem, failures, cancellation);
            }
            catch (BadCopyException bad) when (++failures < MaxBadCopies)
            {
                await retries.WaitAsync(new CloudProblem.Unreachable("BadCopy", bad.Message), failures, cancellation);
            }
            catch (BadCopyException bad)
            {
                throw new CopyMismatchException($"{bad.Message}, {MaxBadCopies} times over");
            }

            await retries.InsistAsync(async () => target = await LookAsync(key, cancellation), cancellation);
        }
    }

    private async Task<ObjectResult> AttemptAsync(string key, ObjectPlan plan, CancellationToken cancellation)
    {
        await RemoveAsync(plan.Removals, cancellation);

        List<ManifestEntry> entries = [.. plan.Carried];
        var copies = plan.Copies;
        for (var index = 0; index < plan.Adoptions.Count; index++)
        {
            var adoption = plan.Adoptions[index];
            if (await TryAdoptAsync(adoption, cancellation) is { } adopted)
            {
                entries.Add(adopted);
                continue;
            }

            var rejected = plan.Adoptions.Skip(index).ToList();
            List<ObjectVersion> wrong =
                [.. rejected.Select(one => one.Stored).Where(stored => stored.VersionId is not null)];
            await own.DemandAsync(wrong, byName: false, cancellation);
            await RemoveAsync(wrong, cancellation);
            copies = [.. rejected.Select(one => one.Source), .. plan.Copies];
            break;
        }

        var skipped = 0;
        foreach (var version in copies)
        {
            if (await TryCopyAsync(version, cancellation) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                skipped++;
            }
        }

        return new ObjectResult(key, entries, entries.Count - plan.Carried.Count, skipped);
    }

    /// <summary>Null when it is not a copy of that version after all.</summary>
    private async Task<ManifestEntry?> TryAdoptAsync(Adoption adoption, CancellationToken cancellation)
    {
        try
        {
            return await verification.VerifyAdoptionAsync(adoption, cancellation) is { } proved
                && await own.HoldAsync(adoption.Stored, cancellation)
                ? ManifestEntry.For(adoption.Source, adoption.Stored.VersionId, adoption.Stored.ETag, proved.Proof)
                    .Lacking(proved.NotCarried)
                : null;
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Refused { Fix: not null } ofObject)
        {
            throw new ObjectRefusedException(adoption.Source, ofObject);
        }
        catch (SourceChangedException)
        {
            // The copy that follows meets the same change and knows what it means for this run.
            return null;
        }
    }

    /// <summary>Null when the source is gone or overwritten: in a bulk run the delta will see to it.</summary>
    private async Task<ManifestEntry?> TryCopyAsync(ObjectVersion version, CancellationToken cancellation)
    {
        try
        {
            return version.Obstacle is { } obstacle ? throw new ObjectRefusedException(version, obstacle)
                : version.IsDeleteMarker
                ? ManifestEntry.For(version, await data.MarkDeletedAsync(options.To, version.Key, cancellation), "",
                    Proofs.Marker)
                : await CopyOneAsync(version, cancellation);
        }
        catch (SourceChangedException) when (!options.IsDelta)
        {
            return null;
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Refused { Fix: not null } ofObject)
        {
            throw new ObjectRefusedException(version, ofObject);
        }
    }

    private async Task<ManifestEntry> CopyOneAsync(ObjectVersion version, CancellationToken cancellation)
    {
        // Asked at the same time as the copy: the checksum that the source keeps is in no listing.
        var sourceLook = options.Verification == VerificationMode.Checksum
            ? data.HeadAsync(options.Source, version.Key, version.VersionId, cancellation)
            : Task.FromResult<ObjectFacts?>(null);
        var copied = await call.OrderAsync(version, redirectTo: null, sourceLook, cancellation);
        if ((await sourceLook)?.RedirectTo is { } redirect && copied.RedirectTo != redirect)
        {
            copied = await AgainAsync(version, copied, redirect, cancellation);
        }

        var stored = version with { VersionId = copied.VersionId, ETag = copied.ETag };
        string? proof = null;
        try
        {
            proof = await verification.VerifyCopyAsync(version, stored, copied, sourceLook, cancellation);
        }
        catch (SourceChangedException)
        {
            await RemoveCopyAsync(stored, cancellation);
            throw;
        }

        if (proof is null)
        {
            await RemoveCopyAsync(stored, cancellation);
            throw new BadCopyException($"the copy of '{version.Key}' differs from its source");
        }

        return ManifestEntry.For(version, copied.VersionId, copied.ETag, proof).Lacking((await sourceLook)?.NotCarried);
    }

    /// <summary>Rare enough that the first copy, which had to be made before the look came back,
    /// may be for nothing.</summary>
    private async Task<CopyResult> AgainAsync(
        ObjectVersion version, CopyResult without, string redirect, CancellationToken cancellation)
    {
        if (without.VersionId is not null)
        {
            await RemoveCopyAsync(version with { VersionId = without.VersionId, ETag = without.ETag }, cancellation);
        }

        return await call.OrderAsync(version, redirect, Task.FromResult<ObjectFacts?>(null), cancellation);
    }

    /// <summary>A versioned target would keep a bad copy for ever;
    /// an unversioned one is written over by the next attempt or by the delta.</summary>
    private Task RemoveCopyAsync(ObjectVersion stored, CancellationToken cancellation) =>
        RemoveAsync([stored], cancellation);

    private async Task RemoveAsync(IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation)
    {
        if (versions.Count == 0)
        {
            return;
        }

        try
        {
            await data.DeleteVersionsAsync(options.To, versions, cancellation);
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.NotFound)
        {
            // Already gone: what was wanted.
        }
    }

    /// <summary>What stands under exactly that key. It is the first key of its own prefix,
    /// so its versions come first.</summary>
    private async Task<IReadOnlyList<ObjectVersion>> LookAsync(string key, CancellationToken cancellation)
    {
        List<ObjectVersion> versions = [];
        await foreach (var version in data.ListVersionsAsync(options.Target, key, afterKey: null, cancellation))
        {
            if (version.Key != key)
            {
                break;
            }

            versions.Add(version);
        }

        versions.Reverse();
        return versions;
    }

    private sealed class BadCopyException(string message) : Exception(message);
}

/// <summary>The store will not have this object copied, however often it is asked.</summary>
public sealed class ObjectRefusedException(ObjectVersion version, CloudProblem.Refused problem)
    : Exception($"'{version.Key}' can't be copied: {problem.Fix ?? problem.Message}")
{
    public RefusedObject Refused { get; } =
        new(version.Key, version.VersionId, problem.Code, problem.Fix ?? problem.Message);
}
