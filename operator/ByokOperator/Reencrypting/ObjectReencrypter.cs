using Byok.Copying;
using Cloud;
using Cloud.Objects;

namespace ByokOperator.Reencrypting;

/// <summary>
/// Puts one version under the new key, if it stands under an old one. Each try looks at it anew: whoever wrote or
/// deleted meanwhile has won, and what was done though its answer was lost is found done.
/// </summary>
internal sealed class ObjectReencrypter(
    ReencryptionPorts ports, ReencryptionOptions options, AdaptiveConcurrency gate, CopyRetryPolicy retries)
{
    /// <summary>An object that is written to more often than it can be looked at is left to the next attempt.</summary>
    private const int MaxChanges = 8;

    private readonly HashSet<string> oldKeys = new(options.OldKeys, StringComparer.Ordinal);

    /// <returns>Whether it was put under the new key just now. False: it stood under no old one, or is gone.</returns>
    /// <exception cref="ObjectRefusedException">However often it is asked,
    /// its store will not have it under another key.</exception>
    /// <exception cref="CopyMismatchException">The bucket keeps versions,
    /// and a copy would leave them as they are.</exception>
    public async Task<bool> PutUnderNewKeyAsync(ObjectVersion listed, CancellationToken cancellation)
    {
        var (failures, throttles, changes) = (0, 0, 0);
        ObjectVersion? version = listed;
        while (version is not null)
        {
            try
            {
                return await TryAsync(version, cancellation);
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
            catch (CloudException changed) when (changed.Problem is CloudProblem.Conflict or CloudProblem.NotFound
                && ++changes < MaxChanges)
            {
                await retries.InsistAsync(async () => version = await LookAsync(listed, cancellation), cancellation);
            }
            catch (CloudException refusal) when (refusal.Problem is CloudProblem.Refused { Fix: not null } ofObject)
            {
                throw new ObjectRefusedException(version, ofObject);
            }
        }

        return false;
    }

    private async Task<bool> TryAsync(ObjectVersion version, CancellationToken cancellation)
    {
        var facts = await HeadAsync(version, cancellation);
        var isUnderOld = facts?.KeyId is { } keyId && oldKeys.Contains(keyId);
        if (version.VersionId is null && facts?.ETag != version.ETag
            && (isUnderOld || options.Engine == ReencryptionEngine.Update))
        {
            // Asked without an id, a bucket tells of whatever is newest by now: what was listed may stand behind it.
            throw new CloudException(new CloudProblem.Conflict("WrittenMeanwhile", "it is not what was listed"),
                "s3:HeadObject");
        }

        if (!isUnderOld)
        {
            return false;
        }

        if (options.Engine == ReencryptionEngine.Update)
        {
            await ports.Encryption.UpdateAsync(options.Store, version, options.Key, options.BucketKey, cancellation);
            return true;
        }

        if (version.VersionId is not null)
        {
            throw new CopyMismatchException(
                $"the bucket keeps versions, and '{RefusedObject.Escaped(version.Key)}' has some: a copy would leave "
                    + "them under the old key");
        }

        if (version.Obstacle is { } obstacle)
        {
            throw new ObjectRefusedException(version, obstacle);
        }

        await ports.Objects.CopyAsync(
            new CopyOrder(options.Store, version, options.Store, version.Key, options.Key,
                options.BucketKey) { RedirectTo = facts!.RedirectTo }, cancellation);
        return true;
    }

    /// <summary>An answer to a HEAD has no body: where it is a refusal, reading the object tells of what.</summary>
    private async Task<ObjectFacts?> HeadAsync(ObjectVersion version, CancellationToken cancellation)
    {
        try
        {
            return await ports.Objects.HeadAsync(options.Store, version.Key, version.VersionId, cancellation);
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Refused { Fix: null })
        {
            await ports.Objects.HashAsync(options.Store, version.Key, version.VersionId, cancellation);
            throw new CloudException(new CloudProblem.Unreachable(refusal.Problem.Code, refusal.Problem.Message),
                refusal.Operation);
        }
    }

    /// <summary>
    /// The same version as it is listed now; null where it is gone. What had no id while it was the newest has one
    /// behind another. It is the first key of its own prefix, so its versions come first.
    /// </summary>
    private async Task<ObjectVersion?> LookAsync(ObjectVersion listed, CancellationToken cancellation)
    {
        await foreach (var version
            in ports.Objects.ListVersionsAsync(options.Store, listed.Key, afterKey: null, cancellation))
        {
            if (version.Key != listed.Key)
            {
                return null;
            }

            if (IdOf(version) == IdOf(listed))
            {
                return version.IsDeleteMarker ? null : version;
            }
        }

        return null;
    }

    private static string IdOf(ObjectVersion version) => version.VersionId ?? "null";
}
