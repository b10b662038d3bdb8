using System.Collections.Concurrent;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>
/// Shuts a bucket in whatever form S3 takes: our statement beside all that stands; where S3 refuses that or nobody can
/// read what stands, ours alone, with what stood set aside; at last the closing statement and nothing else. Nothing but
/// the bucket's name and our account is needed for it.
/// </summary>
internal sealed class BucketClosing(S3Site site, BucketLook look, BucketPolicies policies)
{
    /// <summary>
    /// What can't be read is written over, and can't be put back; and what gives way is gone until the store opens. A
    /// passing trouble of S3's is not worth that; a longer one is, whatever S3 calls it.
    /// </summary>
    private static readonly TimeSpan longestTrouble = TimeSpan.FromSeconds(20);

    /// <summary>Of each of the looks before the denial, tries and pauses included:
    /// what closing may take is for the denial.</summary>
    private static readonly TimeSpan longestLook = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> unread = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> unwritten = new(StringComparer.Ordinal);

    public async Task<DenialOutcome> CloseAsync(
        StoreSpec spec, StorePolicyForms words, DenialOrder order, CancellationToken cancellation)
    {
        try
        {
            return await CloseWhatIsOursAsync(spec, words, order, cancellation);
        }
        catch (CloudException failed) when (IsPassing(failed.Problem) && IsLong(unwritten, spec.Store))
        {
            // Trouble that lasts is told as what it is by now: a bucket that can't be shut, which somebody has to know.
            throw new CloudException(
                new CloudProblem.Refused(failed.Problem.Code, "the denial could not be written for long, in no form"),
                failed.Operation, failed.RequestId, failed);
        }
    }

    private async Task<DenialOutcome> CloseWhatIsOursAsync(
        StoreSpec spec, StorePolicyForms words, DenialOrder order, CancellationToken cancellation)
    {
        await DemandClosableAsync(spec, order, cancellation);

        // Where no key is known the standing statements would name none; they are drift,
        // and mended before anything opens.
        var sure = spec.Key.Id.Length > 0 ? words : words with { Standing = [] };
        var done = await policies.AloneAsync(spec.Store, () => CloseAloneAsync(spec.Store, sure, order, cancellation),
            cancellation);
        _ = unread.TryRemove(spec.Store.Name, out _);
        _ = unwritten.TryRemove(spec.Store.Name, out _);
        return done;
    }

    private async Task<DenialOutcome> CloseAloneAsync(
        StoreRef store, StorePolicyForms words, DenialOrder order, CancellationToken cancellation)
    {
        var (standing, text, why) = await StandingAsync(store, cancellation);
        if (standing?.Holds(words.Closed) == true)
        {
            return DenialOutcome.Whole;
        }

        why = standing is null ? why : await TryAsync(store, standing.With(words.Closed), words, cancellation);
        if (why is null)
        {
            return DenialOutcome.Whole;
        }

        var aside = PolicyAside.Of(standing, text, order.Earlier);
        var isKept = aside is not null && await order.TryKeepAsync(aside, site.Time, cancellation);
        var refused = await TryFormsAsync(store, words, cancellation);
        if (refused is not null && IsForbiddenByThePolicy(refused.Problem))
        {
            // What stands there forbids us to write another, but perhaps not to take it away.
            await policies.WriteAsync(store, BucketPolicy.Empty, cancellation);
            refused = await TryFormsAsync(store, words, cancellation);
        }

        return refused is null ? new DenialOutcome(aside, isKept, why.Problem.Code) : throw refused;
    }

    /// <summary>Null once one of them stands; else why the last was refused.</summary>
    private async Task<CloudException?> TryFormsAsync(
        StoreRef store, StorePolicyForms words, CancellationToken cancellation)
    {
        var closed = BucketPolicy.Empty.With(words.Closed);
        return await TryAsync(store, words.Standing.Aggregate(closed, (policy, statement) => policy.With(statement)),
            words, cancellation) is null
            ? null
            : await TryAsync(store, closed, words, cancellation);
    }

    /// <summary>Null where it stands; else the refusal, where another form may be taken.</summary>
    private async Task<CloudException?> TryAsync(
        StoreRef store, BucketPolicy policy, StorePolicyForms words, CancellationToken cancellation)
    {
        try
        {
            await policies.WriteAsync(store, policy, cancellation);
        }
        catch (CloudException refused) when (
            MayTakeAnother(refused.Problem) || IsPassing(refused.Problem) && IsLong(unwritten, store))
        {
            return refused.Problem is CloudProblem.Unreachable && await StandsAsync(store, words, cancellation) ? null
                : refused;
        }

        await policies.ReadBackAsync(store, read => read.Holds(words.Closed), cancellation);
        return null;
    }

    /// <summary>An answer may be lost of a write that was done.</summary>
    private async Task<bool> StandsAsync(StoreRef store, StorePolicyForms words, CancellationToken cancellation)
    {
        try
        {
            return (await policies.ReadAsync(store, evidence: null, cancellation)).Holds(words.Closed);
        }
        catch (CloudException)
        {
            return false;
        }
    }

    /// <summary>No policy where nobody can read it, with the reason.</summary>
    private async Task<(BucketPolicy? Policy, string? Text, CloudException? Why)> StandingAsync(
        StoreRef store, CancellationToken cancellation)
    {
        string? text = null;
        try
        {
            text = await SoonAsync(stop => policies.ReadTextAsync(store, evidence: null, stop), cancellation);
            _ = unread.TryRemove(store.Name, out _);
            return (BucketPolicy.Parse(text), text, null);
        }
        catch (CloudException unreadable)
            when (unreadable.Problem is CloudProblem.Refused or CloudProblem.Forbidden or CloudProblem.Conflict
                or CloudProblem.NotFound)
        {
            // A bucket that is really gone says so to whoever writes its policy, too.
            return (null, text, unreadable);
        }
        catch (CloudException unanswered) when (IsPassing(unanswered.Problem) && IsLong(unread, store))
        {
            return (null, null, unanswered);
        }
    }

    private async Task DemandClosableAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation)
    {
        StoreOwnership? ownership = null;
        try
        {
            ownership = await SoonAsync(stop => look.OwnershipAsync(spec, evidence: null, stop), cancellation);
        }
        catch (CloudException) when (order.IsRecorded)
        {
            // Every call says which account the bucket must belong to; a name of ours in our account is ours.
        }

        if (ownership == StoreOwnership.Absent)
        {
            throw Refusals.Absent(spec, "s3:PutBucketPolicy");
        }

        if (!order.MayClose(ownership))
        {
            throw Refusals.NotOurs(spec, ownership, "s3:PutBucketPolicy");
        }
    }

    private async Task<T> SoonAsync<T>(Func<CancellationToken, Task<T>> look, CancellationToken cancellation)
    {
        using var soon = new CancellationTokenSource(longestLook, site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, cancellation);
        try
        {
            return await look(either.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new CloudException(
                new CloudProblem.Unreachable("Timeout", "no answer within the time allowed"), "s3:GetBucketPolicy",
                inner: late);
        }
    }

    /// <summary>Since the first time that this was asked; a closing that succeeds takes it back.</summary>
    private bool IsLong(ConcurrentDictionary<string, long> troubles, StoreRef store) =>
        site.Time.GetElapsedTime(troubles.GetOrAdd(store.Name, site.Time.GetTimestamp())) > longestTrouble;

    private static bool IsPassing(CloudProblem problem) => problem is
        CloudProblem.Throttled or CloudProblem.Unreachable or CloudProblem.Conflict { Code: "OperationAborted" };

    private static bool MayTakeAnother(CloudProblem problem) => problem is
        CloudProblem.Refused or CloudProblem.Forbidden or CloudProblem.Unreachable
            or CloudProblem.Conflict { Code: not "OperationAborted" };

    /// <summary>AWS names the kind of policy that denies:
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html</summary>
    private static bool IsForbiddenByThePolicy(CloudProblem problem) =>
        problem is CloudProblem.Forbidden
            && problem.Message.Contains("explicit deny in a resource-based policy", StringComparison.OrdinalIgnoreCase);
}
