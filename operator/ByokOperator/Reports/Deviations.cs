using System.Text.Json.Serialization;
using ByokOperator.Api;
using Cloud.Stores;

namespace ByokOperator.Reports;

/// <summary>Compares what is expected with what was seen. Pure. What could not be seen is never a deviation:
/// it is unseen.</summary>
internal static class Deviations
{
    private const string Closed = "Closed";
    private const string Closing = "Closing";

    public static IEnumerable<Deviation> Find(
        ExpectedState expected, ReportedKey key, ObservedState observed, IReadOnlyList<CensusEntry> census,
        bool receiptIsMissing) =>
    [
        .. OfStore(expected, observed),
        .. OfAvailability(expected, observed),
        .. OfKey(key),
        .. OfCensus(expected, census),
        .. OfSource(expected, observed, receiptIsMissing),
    ];

    private static IEnumerable<Deviation> OfStore(ExpectedState expected, ObservedState observed)
    {
        if (observed.Ownership == nameof(StoreOwnership.Absent))
        {
            yield return new(DeviationCodes.StoreMissing, "observed.ownership", nameof(StoreOwnership.Ours),
                nameof(StoreOwnership.Absent),
                "what the store stood in is gone: find out who deleted it; the operator makes a new one only where "
                    + "nothing was moved yet");
            yield break;
        }

        if (observed.Ownership is nameof(StoreOwnership.Earlier) or nameof(StoreOwnership.Stranger)
            or nameof(StoreOwnership.Unmarked) or nameof(StoreOwnership.Forbidden))
        {
            yield return new(DeviationCodes.StoreNotOurs, "observed.ownership", nameof(StoreOwnership.Ours),
                observed.Ownership,
                "what stands there carries no ownership tag of this store and is not touched: give the store another "
                    + "name in its spec, or put the tag back if it was removed by mistake");
            yield break;
        }

        if (observed.Ownership is not null && observed.KeyId != expected.KeyId)
        {
            yield return new(DeviationCodes.OtherDefaultKey, "observed.keyId", expected.KeyId, observed.KeyId ?? "none",
                "the key was changed outside: the operator puts it back; look in CloudTrail for PutBucketEncryption, "
                    + "on Azure in the activity log for writes to the account");
        }

        foreach (var lost in observed.NotPutBack ?? [])
        {
            yield return new(DeviationCodes.NotPutBack, "observed.notPutBack", "as before the closing", lost,
                "what somebody else had set up gave way to a closing, and the cloud takes it no more: set it up anew "
                    + "if it is still wanted");
        }

        foreach (var aspect in observed.Drift ?? [])
        {
            yield return new(DeviationCodes.AspectDrifted, "observed.drift", "as prepared", aspect,
                $"{aspect} was changed outside: the operator puts it back; find out who changed it if it comes again");
        }
    }

    private static IEnumerable<Deviation> OfAvailability(ExpectedState expected, ObservedState observed)
    {
        var shouldBeClosed = expected.Availability == Closed;
        if (observed.Availability == Closing)
        {
            yield return new(DeviationCodes.ClosingHeldUp, "observed.availability", Closed, Closing,
                "the store has to be shut and was not seen to be: its conditions BindingRemoved, TargetDenied, "
                    + "CopyJobsGone and GrantsRevoked say what is missing and why; see to it now, the operator goes "
                    + "on trying");
        }

        if (observed.Denied is { } denied && denied != shouldBeClosed)
        {
            yield return shouldBeClosed
                ? new(DeviationCodes.OpenThoughClosed, "observed.denied", "true", "false",
                    "what shuts the store is missing: the operator puts it there; if it cannot, its condition "
                        + "TargetDenied says why")
                : new(DeviationCodes.ClosedThoughOpen, "observed.denied", "false", "true",
                    "what shuts the store still stands: the operator takes it away after the same key was proved");
        }

        if (observed.BindingStands is { } bound && bound == shouldBeClosed)
        {
            yield return shouldBeClosed
                ? new(DeviationCodes.BoundThoughClosed, "observed.bindingStands", "false", "true",
                    "the binding ConfigMap still stands: delete it if the operator cannot")
                : new(DeviationCodes.NotBoundThoughOpen, "observed.bindingStands", "true", "false",
                    "the binding ConfigMap is missing: the operator writes it at the switch; its conditions say what "
                        + "it waits for");
        }
    }

    private static IEnumerable<Deviation> OfKey(ReportedKey key)
    {
        if (key.Verdict == "Revoked" && key.State != KeyStates.Revoked)
        {
            yield return new(DeviationCodes.KeyRefused, "key.verdict", "Usable", $"Revoked ({key.Reason})",
                "the tenant's key management service refuses the key: have the tenant enable the same key, or write "
                    + "down the revocation in spec.state");
        }
        else if (key.Verdict == "Unknown")
        {
            yield return new(DeviationCodes.KeyUnproved, "key.verdict", "Usable", $"Unknown ({key.Reason})",
                "nobody could be asked about the key: see to the way to its key management service before "
                    + "maxStaleness closes the store");
        }
    }

    private static IEnumerable<Deviation> OfCensus(ExpectedState expected, IReadOnlyList<CensusEntry> census) =>
        census.Where(entry =>
            entry.Key != expected.KeyId && expected.AlsoPinned?.Contains(entry.Key) != true && entry.Objects > 0)
            .Select(entry =>
                new Deviation(DeviationCodes.ObjectsUnderOtherKey, "census", $"0 objects under {entry.Key}",
                    $"{entry.Objects} objects",
                    "written by somebody under another key: have them written anew without encryption headers, or "
                        + "with this key's full ARN"));

    private static IEnumerable<Deviation> OfSource(
        ExpectedState expected, ObservedState observed, bool receiptIsMissing)
    {
        if (expected.SourceRetired && observed.SourceEmpty == false)
        {
            yield return new(DeviationCodes.SourceNotRetired, "observed.sourceEmpty", "true", "false",
                "something lies under the shared prefix that should be retired: find out who still writes there");
        }

        if (expected.SourceRetired && observed is { SourceEmpty: true, SourceFenced: true })
        {
            yield return new(DeviationCodes.SourceStillFenced, "observed.sourceFenced", "false", "true",
                "the fence still stands on the shared prefix: the operator takes it away; if it cannot, remove the "
                    + "statement whose Sid begins with ByokFence and names this store, on Azure the leases under the "
                    + "prefix and the record under .byok/fences/");
        }

        if (expected.SourceRetired && receiptIsMissing)
        {
            yield return new(DeviationCodes.ReceiptMissing, "receipt", "a receipt beside the data", "none",
                "the receipt under .byok/ is gone: restore an earlier version of it; without it nothing is deleted");
        }

        if (observed.UnfinishedUploads is > 0 and var count)
        {
            yield return new(DeviationCodes.UploadsUnfinished, "observed.unfinishedUploads", "0", $"{count}",
                "uploads that nobody completed are not copied: complete or abort them");
        }
    }
}

/// <summary>One difference between what is expected and what was seen, and what to do about it.</summary>
/// <param name="Code">Stable, for machines: one of <see cref="DeviationCodes"/>.</param>
/// <param name="Field">Where in this report.</param>
internal sealed record Deviation(
    string Code, string Field, string Expected, string Observed, [property: JsonPropertyName("mend")] string Fix);
