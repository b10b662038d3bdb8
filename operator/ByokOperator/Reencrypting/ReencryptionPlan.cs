using System.Globalization;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Records;

namespace ByokOperator.Reencrypting;

/// <summary>What has to be put under the key that the store's default is on.</summary>
/// <param name="Fingerprint">
/// Of the run: it names the key, every old one and when each was seen to be refused,
/// so that no run began before nothing new came under them.
/// </param>
/// <param name="OldKeys">Full ids.</param>
/// <param name="RefusedAt">When the last of them was seen to be refused.</param>
internal sealed record ReencryptionPlan(string Fingerprint, IReadOnlyList<string> OldKeys, DateTimeOffset RefusedAt)
{
    /// <summary>How far the operator's clock may be from the store's.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(15);

    /// <summary>An upload that began until then may be completed under an old key. Who uploads in parts for longer than
    /// the overlap begins again.</summary>
    public DateTimeOffset UploadsUntil => RefusedAt + ClockTolerance;

    /// <summary>Null where nothing is to be put under another key, or not yet.</summary>
    /// <param name="store">As far as its spec is followed.</param>
    /// <param name="record">Null where none can be trusted.</param>
    /// <param name="keepsVersions">Whether earlier versions may stand in the store:
    /// one that began to keep them is walked anew.</param>
    public static ReencryptionPlan? Of(EncryptedStore store, StoreRecord? record, bool keepsVersions)
    {
        if (store.Spec.Rotation.Keeps || StorePlace.Of(store.Spec).Cloud == StorePlace.Azure
            || record is not { Pin: { } pin, AlsoPinned: [_, ..] others })
        {
            return null;
        }

        var refused = others.Where(key => key is { Stage: PinStages.Refused, Since: not null })
            .OrderBy(key => key.Pin.KeyId, StringComparer.Ordinal).ToList();
        if (refused.Count < others.Count)
        {
            return null;
        }

        var terms = refused.Select(key =>
            $"{key.Pin.KeyId} {key.Since!.Value.UtcTicks.ToString(CultureInfo.InvariantCulture)}")
                .Append($"{keepsVersions}");
        return new ReencryptionPlan(
            WorkerJobs.ReencryptionPrefix + StoreNames.Reencryption(store, pin.KeyId, terms),
            [.. refused.Select(key => key.Pin.KeyId)],
            refused.Max(key => key.Since!.Value));
    }
}
